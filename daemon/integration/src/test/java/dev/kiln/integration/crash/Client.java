package dev.kiln.integration.crash;

import dev.kiln.integration.KilndProcess;
import dev.kiln.integration.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running buildctl, whose progress tells which steps are done and what they printed. */
final class Client {
  private static final int PATIENCE_SECONDS = 60;

  private final Plan plan;
  private final Process process;
  private final Thread reader;
  private final StringBuilder rest = new StringBuilder();
  private final Map<String, String> labels = new HashMap<>();
  private final Map<String, StringBuilder> printed = new HashMap<>();
  private final Map<String, String> done = new HashMap<>();

  private Client(Plan plan, Process process) {
    this.plan = plan;
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /** Begins to build a plan. */
  static Client begin(KilndProcess kilnd, Path home, Plan plan, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Tools.require("buildctl"),
                "--addr=" + kilnd.address(),
                "build",
                "--progress=rawjson",
                "--frontend=dockerfile.v0",
                "--local=context=" + plan.context(),
                "--local=dockerfile=" + plan.context()));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("DOCKER_CONFIG", home.resolve("docker").toString());
    Process process = builder.start();
    process.getOutputStream().close();
    return new Client(plan, process);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        try {
          take(JsonMapper.shared().readTree(line));
        } catch (JacksonException e) {
          rest.append(line).append('\n');
        }
      }
    } catch (IOException e) {
      rest.append(e);
    }
  }

  private synchronized void take(JsonNode status) {
    for (JsonNode log : status.path("logs")) {
      byte[] data = Base64.getDecoder().decode(log.path("data").asString(""));
      printed
          .computeIfAbsent(log.path("vertex").asString(""), v -> new StringBuilder())
          .append(new String(data, StandardCharsets.UTF_8));
    }
    for (JsonNode vertex : status.path("vertexes")) {
      String digest = vertex.path("digest").asString("");
      String label = Plan.label(vertex.path("name").asString("") + " ");
      if (label != null) {
        labels.put(digest, plan.versioned(label));
        if (vertex.hasNonNull("completed") && vertex.path("error").asString("").isEmpty()) {
          done.put(digest, vertex.path("completed").asString(""));
        }
      }
    }
  }

  /** Waits for the end; gives whether the build came to a good one. */
  boolean await() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("buildctl did not end in " + PATIENCE_SECONDS + " s:\n" + rest);
    }
    reader.join();
    return process.exitValue() == 0;
  }

  /** What it said besides progress. */
  String said() {
    return rest.toString();
  }

  Plan plan() {
    return plan;
  }

  /** The words of the steps that ran and were reported complete so far, by label. */
  synchronized Map<String, String> words() {
    Map<String, String> words = new HashMap<>();
    for (String digest : done.keySet()) {
      String word = printed.getOrDefault(digest, new StringBuilder()).toString().strip();
      if (!word.isEmpty()) {
        words.put(labels.get(digest), word);
      }
    }
    return words;
  }
}
