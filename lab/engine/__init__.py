"""The local AWS engine: ministack, started, repaired, deployed to and stopped."""
