package dev.kiln.dockerfile.image;

import dev.kiln.dockerfile.llb.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The config of an image that is being built (OCI image-spec, config.md, with Docker's additions).
 * Changed step by step; not safe for use by several threads.
 */
public final class ImageConfig {

  /** Where programs are looked for in an image that does not say it. */
  public static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  @Nullable String created;
  String author = "";
  Platform platform = new Platform("", "", "", "", List.of());
  String rootfsType = "";
  @Nullable List<String> diffIds;
  final List<History> history = new ArrayList<>();
  String user = "";
  final SortedSet<String> exposedPorts = new TreeSet<>();
  final List<String> env = new ArrayList<>();
  List<String> entrypoint = List.of();
  List<String> cmd = List.of();
  final SortedSet<String> volumes = new TreeSet<>();
  String workingDir = "";
  final SortedMap<String, String> labels = new TreeMap<>();
  String stopSignal = "";
  boolean argsEscaped;
  @Nullable Healthcheck healthcheck;
  List<String> onBuild = List.of();
  List<String> shell = List.of();

  ImageConfig() {}

  /** The config that a stage without a base starts from. */
  public static ImageConfig empty(Platform platform) {
    ImageConfig image = new ImageConfig();
    image.platform = platform;
    image.rootfsType = "layers";
    image.workingDir = "/";
    // Windows finds its programs without help.
    if (!platform.os().equals("windows")) {
      image.env.add("PATH=" + DEFAULT_PATH);
    }
    return image;
  }

  /** A copy that changes independently. */
  public ImageConfig copy() {
    ImageConfig copy = new ImageConfig();
    copy.created = created;
    copy.author = author;
    copy.platform = platform;
    copy.rootfsType = rootfsType;
    copy.diffIds = diffIds;
    copy.history.addAll(history);
    copy.user = user;
    copy.exposedPorts.addAll(exposedPorts);
    copy.env.addAll(env);
    copy.entrypoint = entrypoint;
    copy.cmd = cmd;
    copy.volumes.addAll(volumes);
    copy.workingDir = workingDir;
    copy.labels.putAll(labels);
    copy.stopSignal = stopSignal;
    copy.argsEscaped = argsEscaped;
    copy.healthcheck = healthcheck;
    copy.onBuild = onBuild;
    copy.shell = shell;
    return copy;
  }

  /** System and processor, as the config names them. */
  public Platform platform() {
    return platform;
  }

  public void setPlatform(Platform value) {
    platform = value;
  }

  /** Forgets when the image was made; whoever exports it sets that anew. */
  public void clearCreated() {
    created = null;
  }

  public void setAuthor(String value) {
    author = value;
  }

  /** True if the image has no layers at all. */
  public boolean hasNoLayers() {
    // Very old manifests tell of no layers here, but their history does.
    return (diffIds == null || diffIds.isEmpty()) && history.stream().allMatch(History::emptyLayer);
  }

  public void addHistory(History entry) {
    history.add(entry);
  }

  public List<History> history() {
    return List.copyOf(history);
  }

  public String user() {
    return user;
  }

  public void setUser(String value) {
    user = value;
  }

  /** Variables as {@code KEY=value}, in order. */
  public List<String> env() {
    return List.copyOf(env);
  }

  /** Sets a variable; one that is known keeps its place. */
  public void setEnv(String key, String value) {
    String prefix = key + "=";
    for (int i = 0; i < env.size(); i++) {
      if (env.get(i).startsWith(prefix) || env.get(i).equals(key)) {
        env.set(i, prefix + value);
        return;
      }
    }
    env.add(prefix + value);
  }

  /** Whether a variable is set. */
  public boolean hasEnv(String key) {
    return env.stream().anyMatch(entry -> entry.equals(key) || entry.startsWith(key + "="));
  }

  public void expose(Collection<String> ports) {
    exposedPorts.addAll(ports);
  }

  /** The words of the process that a container of the image runs. */
  public List<String> command() {
    List<String> words = new ArrayList<>(entrypoint);
    words.addAll(cmd);
    return words;
  }

  public void setEntrypoint(List<String> words) {
    entrypoint = List.copyOf(words);
  }

  public void setCmd(List<String> words) {
    cmd = List.copyOf(words);
  }

  /** Says that the command's words are not to be quoted again, which matters on Windows only. */
  public void setArgsEscaped() {
    argsEscaped = true;
  }

  public void addVolumes(Collection<String> paths) {
    volumes.addAll(paths);
  }

  public String workingDir() {
    return workingDir;
  }

  public void setWorkingDir(String path) {
    workingDir = path;
  }

  public void putLabel(String key, String value) {
    labels.put(key, value);
  }

  public void putLabels(Map<String, String> added) {
    labels.putAll(added);
  }

  public void setStopSignal(String signal) {
    stopSignal = signal;
  }

  public void setHealthcheck(Healthcheck check) {
    healthcheck = check;
  }

  /** Instructions to run in builds that stand on this image. */
  public List<String> onBuild() {
    return onBuild;
  }

  public void setOnBuild(List<String> triggers) {
    onBuild = List.copyOf(triggers);
  }

  /** Words that run a command in shell form; empty for the system's default. */
  public List<String> shell() {
    return shell;
  }

  public void setShell(List<String> words) {
    shell = List.copyOf(words);
  }
}
