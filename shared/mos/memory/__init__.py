"""The ports in memory: tables, buckets, queues, timers. Contract tests hold them to the real."""
