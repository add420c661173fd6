"""What other layers may ask of the simulation: one file per question, named as it is asked."""
