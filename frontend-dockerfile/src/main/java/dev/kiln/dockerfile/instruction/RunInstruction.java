package dev.kiln.dockerfile.instruction;

import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Heredoc;
import java.util.List;

/**
 * {@code RUN [flags] command}
 *
 * @param heredocs here-documents of the command, in order
 * @param mountFlags the {@code --mount} flags' values as written
 * @param mounts the flags read; until {@link #expand} only {@code from} is filled in, since any
 *     other key may hold variables
 * @param devices the {@code --device} flags, which only the labs language has
 * @param flagsUsed names of the flags that were given, in order, each once
 */
public record RunInstruction(
    Origin origin,
    CommandLine command,
    List<Heredoc> heredocs,
    List<String> mountFlags,
    List<RunMount> mounts,
    Network network,
    Security security,
    List<RunDevice> devices,
    List<String> flagsUsed)
    implements Instruction {

  public RunInstruction {
    heredocs = List.copyOf(heredocs);
    mountFlags = List.copyOf(mountFlags);
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    flagsUsed = List.copyOf(flagsUsed);
  }

  /** The step's network. */
  public enum Network {
    DEFAULT,
    NONE,
    HOST
  }

  /** How far the step is confined. */
  public enum Security {
    SANDBOX,
    INSECURE
  }

  /**
   * {@inheritDoc}
   *
   * @throws DockerfileException if a mount is malformed
   */
  @Override
  public RunInstruction expand(WordExpander words) {
    List<RunMount> read;
    try {
      read = mountFlags.stream().map(flag -> MountReader.read(flag, words)).toList();
    } catch (DockerfileException e) {
      throw e.atIfUnknown(location());
    }
    return new RunInstruction(
        origin, command, heredocs, mountFlags, read, network, security, devices, flagsUsed);
  }
}
