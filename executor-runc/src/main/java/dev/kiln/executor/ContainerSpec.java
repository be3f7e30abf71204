package dev.kiln.executor;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container to run: its files, its first process and its limits.
 *
 * @param id names the container; ASCII letters and digits
 * @param root the root file system
 * @param rootReadonly whether the process sees the root read-only; stubs for mounts are made anyway
 * @param mounts further mounts in any order; they are applied sorted by destination
 * @param hostname empty means {@value #DEFAULT_HOSTNAME}
 * @param cgroupParent empty means the executor's own
 * @param cdiDevices qualified names of CDI devices
 * @param removeMountStubsRecursive whether empty parents made for mount points go as well
 * @param tracingSocket a socket of OpenTelemetry's collector to pass into the container
 */
public record ContainerSpec(
    String id,
    MountSource root,
    boolean rootReadonly,
    List<OpMount> mounts,
    ProcessSpec process,
    String hostname,
    NetworkMode network,
    SecurityMode security,
    List<HostAddress> extraHosts,
    List<Ulimit> ulimits,
    String cgroupParent,
    Resources resources,
    List<String> cdiDevices,
    boolean removeMountStubsRecursive,
    @Nullable Path tracingSocket) {
  public static final String DEFAULT_HOSTNAME = "buildkitsandbox";

  public ContainerSpec {
    if (!id.matches("[A-Za-z0-9]+")) {
      throw new IllegalArgumentException(
          "invalid container id \"" + id + "\": only letters and numbers are allowed");
    }
    mounts = List.copyOf(mounts);
    extraHosts = List.copyOf(extraHosts);
    ulimits = List.copyOf(ulimits);
    cdiDevices = List.copyOf(cdiDevices);
  }

  /** The same container under another name. */
  public ContainerSpec withId(String other) {
    return new ContainerSpec(
        other,
        root,
        rootReadonly,
        mounts,
        process,
        hostname,
        network,
        security,
        extraHosts,
        ulimits,
        cgroupParent,
        resources,
        cdiDevices,
        removeMountStubsRecursive,
        tracingSocket);
  }

  /** The host name that the process sees. */
  public String effectiveHostname() {
    return hostname.isEmpty() ? DEFAULT_HOSTNAME : hostname;
  }

  /** Starts a description with defaults for everything but these. */
  public static Builder builder(String id, MountSource root, ProcessSpec process) {
    return new Builder(id, root, process);
  }

  /** Collects the parts of a description; for one thread. */
  public static final class Builder {
    private final String id;
    private final MountSource root;
    private final ProcessSpec process;
    private boolean rootReadonly;
    private List<OpMount> mounts = List.of();
    private String hostname = "";
    private NetworkMode network = NetworkMode.DEFAULT;
    private SecurityMode security = SecurityMode.SANDBOX;
    private List<HostAddress> extraHosts = List.of();
    private List<Ulimit> ulimits = List.of();
    private String cgroupParent = "";
    private Resources resources = Resources.UNLIMITED;
    private List<String> cdiDevices = List.of();
    private boolean removeMountStubsRecursive;
    private @Nullable Path tracingSocket;

    private Builder(String id, MountSource root, ProcessSpec process) {
      this.id = id;
      this.root = root;
      this.process = process;
    }

    public Builder rootReadonly(boolean value) {
      rootReadonly = value;
      return this;
    }

    public Builder mounts(List<OpMount> value) {
      mounts = value;
      return this;
    }

    public Builder hostname(String value) {
      hostname = value;
      return this;
    }

    public Builder network(NetworkMode value) {
      network = value;
      return this;
    }

    public Builder security(SecurityMode value) {
      security = value;
      return this;
    }

    public Builder extraHosts(List<HostAddress> value) {
      extraHosts = value;
      return this;
    }

    public Builder ulimits(List<Ulimit> value) {
      ulimits = value;
      return this;
    }

    public Builder cgroupParent(String value) {
      cgroupParent = value;
      return this;
    }

    public Builder resources(Resources value) {
      resources = value;
      return this;
    }

    public Builder cdiDevices(List<String> value) {
      cdiDevices = value;
      return this;
    }

    public Builder removeMountStubsRecursive(boolean value) {
      removeMountStubsRecursive = value;
      return this;
    }

    public Builder tracingSocket(@Nullable Path value) {
      tracingSocket = value;
      return this;
    }

    public ContainerSpec build() {
      return new ContainerSpec(
          id,
          root,
          rootReadonly,
          mounts,
          process,
          hostname,
          network,
          security,
          extraHosts,
          ulimits,
          cgroupParent,
          resources,
          cdiDevices,
          removeMountStubsRecursive,
          tracingSocket);
    }
  }
}
