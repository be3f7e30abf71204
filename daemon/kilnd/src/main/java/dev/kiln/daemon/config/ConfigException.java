package dev.kiln.daemon.config;

/**
 * A command line or a configuration file that the daemon cannot start with; the message names the
 * flag or file and line.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(message);
  }
}
