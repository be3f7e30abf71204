FROM a
MAINTAINER me
CMD one
CMD ["two"]
ENTRYPOINT one
ENTRYPOINT two
HEALTHCHECK NONE
HEALTHCHECK CMD x
ENV OLD form
ENV API_KEY=x public_key=y Password=z
LABEL old form
LABEL password=x
# check=skip=SecretsUsedInArgOrEnv // known
ENV TOKEN=x
RUN a \

  b
FROM b
CMD ["three"]
