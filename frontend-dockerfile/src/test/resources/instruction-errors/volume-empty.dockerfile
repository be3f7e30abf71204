FROM a
VOLUME [" "]
