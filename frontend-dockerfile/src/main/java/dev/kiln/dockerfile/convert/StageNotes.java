package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.parser.Location;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a stage uses from outside: arguments, secrets, SSH agents. Noted while it is converted, for
 * outlines.
 */
final class StageNotes {

  final Map<String, ArgUse> arguments = new LinkedHashMap<>();
  final Set<String> usedArguments = new LinkedHashSet<>();
  final Map<String, Need> secrets = new LinkedHashMap<>();
  final Map<String, Need> ssh = new LinkedHashMap<>();

  /** Something that the client must or may bring. */
  record Need(boolean required, Location location) {}

  StageNotes(Map<String, ArgUse> declared) {
    arguments.putAll(declared);
  }

  StageNotes copy() {
    StageNotes copy = new StageNotes(arguments);
    copy.usedArguments.addAll(usedArguments);
    copy.secrets.putAll(secrets);
    copy.ssh.putAll(ssh);
    return copy;
  }
}
