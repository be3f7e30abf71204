package dev.kiln.executor.network;

import dev.kiln.executor.process.CommandCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls the plugins of one configuration (CNI specification, section 4). Thread-safe. */
final class CniChain {
  private final CniConfig config;
  private final String interfaceName;
  private final List<Path> folders;

  /**
   * Binds a configuration to an interface.
   *
   * @param folders where plugin programs are
   */
  CniChain(CniConfig config, String interfaceName, List<Path> folders) {
    this.config = config;
    this.interfaceName = interfaceName;
    this.folders = List.copyOf(folders);
  }

  /**
   * A container's attachment.
   *
   * @param args {@code key=value} pairs, separated by semicolons; may be empty
   */
  record Target(String id, Path namespace, String args) {}

  /** The name of this chain's network, under which its result is kept. */
  String name() {
    return config.name();
  }

  /** Attaches; what the last plugin said is to be given to {@link #detach}. */
  @Nullable JsonNode attach(Target target) throws IOException {
    JsonNode result = null;
    for (ObjectNode plugin : config.plugins()) {
      result = call("ADD", plugin, target, result);
    }
    return result;
  }

  /** Detaches, in reverse order; every plugin is called even when one fails. */
  void detach(Target target, @Nullable JsonNode result) throws IOException {
    IOException failure = null;
    for (ObjectNode plugin : config.plugins().reversed()) {
      try {
        call("DEL", plugin, target, result);
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private @Nullable JsonNode call(
      String command, ObjectNode plugin, Target target, @Nullable JsonNode before)
      throws IOException {
    String type = plugin.path("type").asString();
    Path program =
        find(type)
            .orElseThrow(
                () -> new IOException("could not find the CNI plugin " + type + " in " + folders));
    ObjectNode settings = plugin.deepCopy();
    settings.put("cniVersion", config.version()).put("name", config.name());
    if (before != null) {
      settings.set("prevResult", before);
    }
    CommandCall.Answer answer =
        new CommandCall(program, List.of(), environment(command, target), settings.toString())
            .run();
    if (answer.code() != 0) {
      throw new IOException("CNI plugin " + type + " failed: " + reason(answer));
    }
    return answer.output().isBlank() ? before : parse(type, answer.output());
  }

  private List<String> environment(String command, Target target) {
    List<String> env = new ArrayList<>();
    env.add("CNI_COMMAND=" + command);
    env.add("CNI_CONTAINERID=" + target.id());
    env.add("CNI_NETNS=" + target.namespace());
    env.add("CNI_IFNAME=" + interfaceName);
    env.add("CNI_ARGS=" + target.args());
    env.add("CNI_PATH=" + folders.stream().map(Path::toString).collect(Collectors.joining(":")));
    String path = System.getenv("PATH");
    if (path != null) {
      env.add("PATH=" + path);
    }
    return env;
  }

  private Optional<Path> find(String type) {
    return folders.stream()
        .map(folder -> folder.resolve(type))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Plugins put their complaints on the standard output, as JSON. */
  private static String reason(CommandCall.Answer answer) {
    try {
      JsonNode error = CniConfig.JSON.readTree(answer.output());
      String message = error.path("msg").asString("");
      if (!message.isEmpty()) {
        return message + " " + error.path("details").asString("");
      }
    } catch (JacksonException e) {
      // Not in the agreed form: say what there is.
    }
    return (answer.output() + " " + answer.error()).strip();
  }

  private static JsonNode parse(String type, String output) throws IOException {
    try {
      return CniConfig.JSON.readTree(output);
    } catch (JacksonException e) {
      throw new IOException("CNI plugin " + type + " answered nonsense: " + output, e);
    }
  }
}
