FROM a
RUN --network=x y
