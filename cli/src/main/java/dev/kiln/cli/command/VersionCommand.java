package dev.kiln.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kiln version}. */
@Command(name = "version", description = "Show the version")
public final class VersionCommand implements Callable<Integer> {
  @Mixin private GlobalFlags global = new GlobalFlags();

  @Override
  public Integer call() {
    System.out.println("kiln " + Versions.KILN);
    if (global.debug()) {
      System.out.println("java " + Runtime.version() + " in " + System.getProperty("java.home"));
    }
    return 0;
  }
}
