FROM a for b
