package dev.kiln.cli.progress;

import dev.kiln.cli.flag.UsageException;
import dev.kiln.wire.control.StatusResponse;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/** Chooses how a build is shown. */
public final class Displays {
  private static final int STDERR = 2;

  private Displays() {}

  /**
   * The display of this name.
   *
   * @param mode auto, tty, plain, rawjson, quiet or none
   * @param daemon names the daemon, for the head line
   * @throws UsageException if there is none, or a terminal is wanted and missing
   */
  public static Display of(
      String mode, PrintStream out, Map<String, String> environment, String daemon) {
    InstantSource clock = InstantSource.system();
    return switch (mode) {
      case "auto", "" -> auto(out, environment, daemon);
      case "tty" -> {
        if (!Terminal.isTerminal(STDERR)) {
          throw new UsageException(
              "failed to get console: standard error is no terminal; use --progress plain");
        }
        yield tty(out, environment);
      }
      case "plain" -> new PlainDisplay(out, clock, "building with kiln at " + daemon);
      case "rawjson" -> new JsonDisplay(out);
      case "quiet", "none" -> new Silent();
      default ->
          throw new UsageException(
              "invalid progress mode " + mode + "; use auto, tty, plain, quiet or rawjson");
    };
  }

  private static Display auto(PrintStream out, Map<String, String> environment, String daemon) {
    String wanted = environment.getOrDefault("BUILDKIT_PROGRESS", "");
    if (!wanted.isEmpty() && !wanted.equals("auto")) {
      return of(wanted, out, environment, daemon);
    }
    return of(Terminal.isTerminal(STDERR) ? "tty" : "plain", out, environment, daemon);
  }

  private static Display tty(PrintStream out, Map<String, String> environment) {
    return new TtyDisplay(
        out, InstantSource.system(), Colors.of(environment), "kiln", () -> Terminal.size(STDERR));
  }

  private static final class Silent implements Display {
    @Override
    public void update(StatusResponse news) {}

    @Override
    public void refresh() {}

    @Override
    public void finish() {}
  }
}
