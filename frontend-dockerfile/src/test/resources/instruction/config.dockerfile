FROM a
ENV A=b C="d e"
ENV OLD form  here
LABEL a=b "c d"=e
LABEL old form
CMD run me
CMD ["run", "me"]
CMD
ENTRYPOINT ["x"]
ENTRYPOINT []
ENTRYPOINT x y
EXPOSE 8080 80/tcp $PORTS
USER a:b
VOLUME /a /b
VOLUME ["/a b", " /c "]
WORKDIR /a b
STOPSIGNAL 9
SHELL ["/bin/bash", "-c"]
MAINTAINER A B
HEALTHCHECK NONE
HEALTHCHECK --interval=1m30s --timeout=3s --start-period=0s --start-interval=500ms --retries=4 CMD curl x
HEALTHCHECK cmd ["curl", "x"]
