"""Give each function what its hop in the path says, and nothing else."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from infra.acknowledged import acknowledge_many
from infra.constructs.function import Function
from infra.constructs.queue import Queue
from infra.settings import Settings
from infra.stacks.memory import Memory

_CLAIMS = ("raw/", "claims/")
# Which bundle an account decides by: the canary's share has another than the pointer says.
_BUNDLES = ("bundles/", "pointers/", "canaries/")
# To start a canary is the activator's: this is where its end and its findings are kept.
_WATCH = ("canaries/ended/", "canaries/findings.json")
EXPORTS, REHEARSALS = "exports/", "rehearsals/"


def wire(function: Function, memory: Memory, settings: Settings) -> None:
    """Connect a function to the tables, bundles and secrets of its hop."""
    hop = function.hop
    services = {"dynamodb"} if hop.owns or hop.reads or hop.glimpses else set[str]()
    _wire_tables(function, memory)
    if hop.bundles:
        _wire_bundles(function, memory)
        services.add("s3")
    if hop.archive:
        _wire_archive(function, memory)
        services.add("s3")
    if services:
        function.allow(memory.data_key.use(*sorted(services)))
    if hop.holds_secrets:
        function.allow(_own_secrets(function, settings), memory.secrets_key.read("ssm"))


def _wire_tables(function: Function, memory: Memory) -> None:
    """Let the function write its own tables, and read those that are named."""
    hop = function.hop
    for name in hop.owns + hop.reads:
        table = memory.tables[name]
        function.tell(**{f"MOS_TABLE_{name.upper()}": table.table.table_name})
        function.allow(table.owning() if name in hop.owns else table.reading())
        if name in hop.pages:
            function.allow(table.paging())
        if name in hop.erases:
            function.allow(table.erasing())
    for name, prefix in hop.glimpses:
        table = memory.tables[name]
        function.tell(**{f"MOS_TABLE_{name.upper()}": table.table.table_name})
        function.allow(table.glimpsing(prefix))


def _wire_bundles(function: Function, memory: Memory) -> None:
    """Let the function read bundles and pointers; who watches the canary may end it."""
    function.tell(MOS_BUCKET_BUNDLES=memory.bundles.name)
    memory.bundles.allow(function.role, ["s3:GetObject"], _BUNDLES)
    if function.hop.watches:
        memory.bundles.allow(function.role, ["s3:PutObject"], _WATCH)
    if memory.signing:
        function.tell(MOS_KEY_BUNDLES=memory.signing.key.key_arn)
        function.allow(memory.signing.verifying())


def _wire_archive(function: Function, memory: Memory) -> None:
    """Let the function read exports of tables, and keep what it finds in them."""
    function.tell(MOS_BUCKET_ARCHIVE=memory.archive.name)
    memory.archive.allow(function.role, ["s3:GetObject"], [EXPORTS])
    memory.archive.allow(function.role, ["s3:GetObject", "s3:PutObject"], [REHEARSALS])


def wire_signals(function: Function, memory: Memory) -> None:
    """Let the function keep raw bodies in the bucket of signals."""
    function.tell(MOS_BUCKET_SIGNALS=memory.signals.name)
    memory.signals.allow(function.role, ["s3:GetObject", "s3:PutObject"], _CLAIMS)
    function.allow(memory.data_key.use("s3"))


def wire_queue(function: Function, queue: Queue, memory: Memory) -> None:
    """Let the function send to the queue."""
    function.tell(**{f"MOS_QUEUE_{queue.name.upper()}": queue.queue.queue_url})
    function.allow(queue.sending(), memory.data_key.use("sqs"))


def wire_ask(function: Function, llm: Function) -> None:
    """Let the function call the llm function."""
    function.tell(MOS_FUNCTION_ASK=llm.address)
    function.allow(_calling(llm))


def wire_simulation(function: Function, simulation: Function) -> None:
    """Let the function ask the simulation function."""
    function.tell(MOS_FUNCTION_REHEARSE=simulation.address)
    function.allow(_calling(simulation))


def _calling(called: Function) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["lambda:InvokeFunction"], resources=[called.called.function_arn]
    )


def _own_secrets(function: Function, settings: Settings) -> iam.PolicyStatement:
    secrets = Stack.of(function).format_arn(
        service="ssm",
        resource="parameter",
        resource_name=f"mos/{settings.stage}/{function.hop.layer}/*",
    )
    acknowledge_many(function, secrets, "a layer's secrets are many; the prefix is its own")
    return iam.PolicyStatement(actions=["ssm:GetParameter"], resources=[secrets])
