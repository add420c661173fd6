"""Stories: what comes in, line by line, played through the whole system on a virtual clock."""
