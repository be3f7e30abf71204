FROM a
RUN --device=x,required=maybe z
