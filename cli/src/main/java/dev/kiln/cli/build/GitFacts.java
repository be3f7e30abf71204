package dev.kiln.cli.build;

import dev.kiln.cli.flag.Flags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which commit a context in a git working copy is from; it goes into the provenance. */
final class GitFacts {
  private static final Logger LOG = LoggerFactory.getLogger(GitFacts.class);
  private static final long TIMEOUT_S = 10;

  private final Path folder;
  private final Map<String, String> environment;

  GitFacts(Path folder, Map<String, String> environment) {
    this.folder = folder.toAbsolutePath().normalize();
    this.environment = environment;
  }

  /** Adds what is known to the plan; a folder outside git adds nothing. */
  void add(SolvePlan plan) {
    boolean labels = on("BUILDX_GIT_LABELS", false) || isFull();
    boolean info = on("BUILDX_GIT_INFO", true);
    if ((!labels && !info) || !insideWorkTree()) {
      return;
    }
    String root = git("rev-parse", "--show-toplevel").orElse("");
    String commit = git("show", "--format=%H", "HEAD", "--quiet", "--").orElse("");
    if (!commit.isEmpty()) {
      String revision = commit + (on("BUILDX_GIT_CHECK_DIRTY", false) && dirty() ? "-dirty" : "");
      put(plan, info, "vcs:revision", revision);
      put(plan, labels, "label:org.opencontainers.image.revision", revision);
    }
    String remote = remote();
    if (!remote.isEmpty()) {
      put(plan, info, "vcs:source", remote);
      put(plan, labels, "label:org.opencontainers.image.source", remote);
    }
    if (info && !root.isEmpty()) {
      plan.directories.forEach((name, path) -> localDirectory(plan, Path.of(root), name, path));
    }
  }

  private static void put(SolvePlan plan, boolean wanted, String key, String value) {
    if (wanted) {
      plan.attributes.put(key, value);
    }
  }

  private static void localDirectory(SolvePlan plan, Path root, String name, Path path) {
    try {
      String relative = root.relativize(path.toRealPath()).toString();
      if (!relative.startsWith("..")) {
        plan.attributes.put("vcs:localdir:" + name, relative.isEmpty() ? "." : relative);
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("{} is outside the working copy", path, e);
    }
  }

  /** A look for {@code .git} first, since most folders have none and starting git costs time. */
  private boolean insideWorkTree() {
    for (Path at = folder; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git"))) {
        return git("rev-parse", "--is-inside-work-tree").orElse("").equals("true");
      }
    }
    return false;
  }

  private boolean dirty() {
    return git("status", "--porcelain", "--ignored", "--untracked-files=all")
        .filter(text -> !text.isEmpty())
        .isPresent();
  }

  /** The remote that the branch follows, else origin, without a password. */
  private String remote() {
    String upstream = git("rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{u}").orElse("");
    String name = upstream.indexOf('/') > 0 ? upstream.substring(0, upstream.indexOf('/')) : "";
    for (String candidate : List.of(name, "upstream", "origin")) {
      if (!candidate.isEmpty()) {
        Optional<String> url = git("remote", "get-url", candidate);
        if (url.isPresent() && !url.get().isEmpty()) {
          return url.get().replaceFirst("^(https?://)[^@/]+@", "$1");
        }
      }
    }
    return "";
  }

  private Optional<String> git(String... arguments) {
    List<String> call = new java.util.ArrayList<>(List.of("git"));
    call.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(call)
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(TIMEOUT_S, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? Optional.of(out.strip()) : Optional.empty();
    } catch (IOException e) {
      LOG.debug("could not ask git about {}", folder, e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private boolean isFull() {
    return environment.getOrDefault("BUILDX_GIT_LABELS", "").equals("full");
  }

  private boolean on(String variable, boolean otherwise) {
    return Flags.truth(environment.getOrDefault(variable, "")).orElse(otherwise);
  }
}
