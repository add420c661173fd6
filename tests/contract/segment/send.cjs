// Segment's own library for Node, with nothing changed but its host: node send.cjs HOST KEY EVENTS
const { Analytics } = require("@segment/analytics-node");

const [host, writeKey, events] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, maxRetries: 3, flushAt: 40 });
const failed = [];
analytics.on("error", (error) => failed.push(String(error.reason)));

analytics.identify({ userId: "u-1", traits: { email: "Ada@Example.com", firstName: "Ada" } });
analytics.page({ userId: "u-1", name: "Pricing", properties: { path: "/pricing" } });
analytics.screen({ anonymousId: "a-1", name: "Home" });
analytics.group({ userId: "u-1", groupId: "g-1", traits: { name: "Acme" } });
analytics.alias({ userId: "u-1", previousId: "anon-1" });
for (let n = 0; n < Number(events); n++) {
  analytics.track({ userId: "u-1", event: `Event ${n}` });
}
analytics.closeAndFlush().then(() => console.log(JSON.stringify({ failed: failed.length })));
