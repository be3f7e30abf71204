package dev.kiln.dockerfile.instruction;

import static dev.kiln.dockerfile.text.Quoted.quoted;

import dev.kiln.dockerfile.instruction.RunInstruction.Network;
import dev.kiln.dockerfile.instruction.RunInstruction.Security;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Node;
import java.util.List;

/** Reads RUN. */
final class RunReader {

  private RunReader() {}

  static RunInstruction read(Node node, Origin origin) {
    FlagSet flags =
        new FlagSet().lists("device", "mount").texts("network", "security").read(node.flags());
    List<RunDevice> devices = flags.list("device").stream().map(DeviceReader::read).toList();
    List<String> mounts = flags.list("mount");
    return new RunInstruction(
        origin,
        CommandLine.of(node.arguments()),
        node.heredocs(),
        mounts,
        mounts.stream().map(MountReader::readUnexpanded).toList(),
        network(flags.text("network", "default")),
        security(flags.text("security", "sandbox")),
        devices,
        flags.used());
  }

  private static Network network(String word) {
    return switch (word) {
      case "default" -> Network.DEFAULT;
      case "none" -> Network.NONE;
      case "host" -> Network.HOST;
      default -> throw new DockerfileException("invalid network mode " + quoted(word));
    };
  }

  private static Security security(String word) {
    return switch (word) {
      case "sandbox" -> Security.SANDBOX;
      case "insecure" -> Security.INSECURE;
      default -> throw new DockerfileException("security " + quoted(word) + " is not valid");
    };
  }
}
