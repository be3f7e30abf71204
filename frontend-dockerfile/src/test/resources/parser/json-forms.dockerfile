FROM a
RUN ["echo", "a b", "\u00e9\n"]
CMD  [ "x" ]
ENTRYPOINT []
RUN [echo]
RUN ['echo']
RUN ["echo"] && x
RUN [ -f x ] && y
RUN ["open
COPY ["a b", "c d", "/e f/"]
ADD ["a" "b"]
VOLUME ["/a b", "/c"]
VOLUME /a /b
SHELL ["/bin/bash", "-c"]
HEALTHCHECK CMD ["curl", "x"]
HEALTHCHECK --interval=5s CMD curl  x
HEALTHCHECK NONE
HEALTHCHECK
