FROM a
RUN --device=x,requried=1 z
