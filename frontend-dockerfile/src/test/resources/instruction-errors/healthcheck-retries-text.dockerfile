FROM a
HEALTHCHECK --retries=x CMD x
