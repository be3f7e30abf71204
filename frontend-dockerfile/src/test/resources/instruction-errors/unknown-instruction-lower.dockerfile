FROM a
cpoy a b
