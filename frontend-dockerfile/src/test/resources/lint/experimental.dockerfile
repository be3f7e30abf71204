# check=skip=all;experimental=InvalidDefinitionDescription
# foo is described
ARG foo=bar
# what this is
FROM a AS base
# nothing said
ARG x
# nothing said
ARG y z
# nothing said
#
ARG v
# nothing said
RUN x
