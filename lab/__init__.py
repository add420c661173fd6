"""The workbench, never deployed: the local engine, fake providers, simulator and benchmarks."""
