package dev.kiln.executor.oci;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** config.json as of the OCI runtime-spec 1.0.2, the parts that Kiln uses. */
@JsonInclude(Include.NON_NULL)
public record RuntimeSpec(
    String ociVersion,
    ProcessEntry process,
    Root root,
    String hostname,
    List<MountEntry> mounts,
    @Nullable Hooks hooks,
    Linux linux) {

  /** The root folder on the host. */
  public record Root(String path, boolean readonly) {}

  /** One entry of {@code mounts}. */
  public record MountEntry(String destination, String type, String source, List<String> options) {
    public MountEntry {
      options = List.copyOf(options);
    }
  }

  @JsonInclude(Include.NON_NULL)
  public record ProcessEntry(
      boolean terminal,
      @Nullable ConsoleSize consoleSize,
      User user,
      List<String> args,
      List<String> env,
      String cwd,
      Capabilities capabilities,
      @JsonInclude(Include.NON_EMPTY) List<Rlimit> rlimits,
      boolean noNewPrivileges,
      @Nullable String apparmorProfile,
      @Nullable Integer oomScoreAdj) {}

  /** In characters. */
  public record ConsoleSize(int height, int width) {}

  public record User(int uid, int gid, List<Integer> additionalGids) {}

  public record Capabilities(
      List<String> bounding,
      List<String> effective,
      List<String> permitted,
      @JsonInclude(Include.NON_EMPTY) List<String> inheritable,
      @JsonInclude(Include.NON_EMPTY) List<String> ambient) {}

  /** Values are unsigned 64-bit numbers, so they are written as such. */
  public record Rlimit(String type, BigInteger soft, BigInteger hard) {}

  @JsonInclude(Include.NON_NULL)
  public record Linux(
      @Nullable Resources resources,
      String cgroupsPath,
      List<Namespace> namespaces,
      @JsonInclude(Include.NON_EMPTY) List<Device> devices,
      @Nullable Seccomp seccomp,
      @JsonInclude(Include.NON_EMPTY) List<String> maskedPaths,
      @JsonInclude(Include.NON_EMPTY) List<String> readonlyPaths,
      @Nullable IntelRdt intelRdt,
      @JsonInclude(Include.NON_EMPTY) Map<String, NetDevice> netDevices) {}

  @JsonInclude(Include.NON_EMPTY)
  public record IntelRdt(
      @JsonProperty("closID") String closId,
      String l3CacheSchema,
      String memBwSchema,
      @Nullable List<String> schemata,
      @JsonInclude(Include.NON_DEFAULT) boolean enableMonitoring) {}

  /** A network interface of the host, by its name there, and what it is called in the container. */
  public record NetDevice(String name) {}

  @JsonInclude(Include.NON_NULL)
  public record Namespace(String type, @Nullable String path) {}

  @JsonInclude(Include.NON_NULL)
  public record Resources(List<DeviceRule> devices, @Nullable Memory memory, @Nullable Cpu cpu) {}

  @JsonInclude(Include.NON_NULL)
  public record DeviceRule(
      boolean allow,
      @Nullable String type,
      @Nullable Long major,
      @Nullable Long minor,
      String access) {}

  @JsonInclude(Include.NON_NULL)
  public record Memory(@Nullable Long limit, @Nullable Long swap) {}

  @JsonInclude(Include.NON_NULL)
  public record Cpu(
      @Nullable Long shares,
      @Nullable Long quota,
      @Nullable Long period,
      @Nullable String cpus,
      @Nullable String mems) {}

  @JsonInclude(Include.NON_NULL)
  public record Device(
      String path,
      String type,
      long major,
      long minor,
      @Nullable Integer fileMode,
      @Nullable Integer uid,
      @Nullable Integer gid) {}

  @JsonInclude(Include.NON_NULL)
  public record Seccomp(
      String defaultAction,
      int defaultErrnoRet,
      @JsonInclude(Include.NON_EMPTY) List<String> architectures,
      List<Syscalls> syscalls) {}

  @JsonInclude(Include.NON_NULL)
  public record Syscalls(
      List<String> names,
      String action,
      @Nullable Integer errnoRet,
      @JsonInclude(Include.NON_EMPTY) List<Argument> args) {}

  /** A condition on one argument of a system call; values are unsigned. */
  public record Argument(int index, long value, long valueTwo, String op) {}

  @JsonInclude(Include.NON_EMPTY)
  public record Hooks(
      List<Hook> prestart,
      @JsonProperty("createRuntime") List<Hook> createRuntime,
      @JsonProperty("createContainer") List<Hook> createContainer,
      @JsonProperty("startContainer") List<Hook> startContainer,
      @JsonProperty("poststart") List<Hook> poststart,
      @JsonProperty("poststop") List<Hook> poststop) {}

  @JsonInclude(Include.NON_NULL)
  public record Hook(String path, List<String> args, List<String> env, @Nullable Integer timeout) {}
}
