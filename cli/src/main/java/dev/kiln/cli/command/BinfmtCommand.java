package dev.kiln.cli.command;

import dev.kiln.executor.platform.BinfmtHandler;
import dev.kiln.executor.platform.BinfmtInstaller;
import dev.kiln.executor.platform.BinfmtInstaller.Outcome;
import dev.kiln.executor.platform.BinfmtInstaller.Result;
import dev.kiln.executor.platform.PlatformProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kiln binfmt}. */
@Command(
    name = "binfmt",
    description = "Let this machine run programs of other architectures",
    subcommands = {
      BinfmtCommand.Install.class,
      BinfmtCommand.Uninstall.class,
      BinfmtCommand.Ls.class
    })
public final class BinfmtCommand implements Callable<Integer> {
  /** QEMU's names where they differ from those of platforms. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("amd64", "x86_64"),
          Map.entry("arm64", "aarch64"),
          Map.entry("386", "i386"),
          Map.entry("ppc64le", "ppc64le"),
          Map.entry("mips64le", "mips64el"),
          Map.entry("mipsle", "mipsel"),
          Map.entry("loong64", "loongarch64"));

  /** Handlers that would stand for what the processor does by itself. */
  private static final Set<String> OWN =
      PlatformProbe.nativePlatform().architecture().equals("amd64")
          ? Set.of("qemu-x86_64", "qemu-i386")
          : Set.of(handler(PlatformProbe.nativePlatform().architecture()));

  @Mixin private GlobalFlags global = new GlobalFlags();

  @Override
  public Integer call() throws IOException {
    LogOutput.apply(global.debug());
    return list();
  }

  private static int list() throws IOException {
    Table table = new Table("HANDLER", "ENABLED", "IN CONTAINERS", "EMULATOR");
    for (BinfmtHandler handler : new BinfmtInstaller().handlers()) {
      table.row(
          handler.name(),
          Boolean.toString(handler.enabled()),
          Boolean.toString(handler.worksInContainers()),
          handler.interpreter());
    }
    table.print(System.out);
    return 0;
  }

  /** The handler of a platform or architecture: {@code linux/arm64}, {@code arm64}, {@code arm}. */
  static String handler(String platform) {
    String name = platform.startsWith("linux/") ? platform.substring(6) : platform;
    String architecture = name.split("/", 2)[0];
    return architecture.startsWith("qemu-")
        ? architecture
        : "qemu-" + NAMES.getOrDefault(architecture, architecture);
  }

  private static Set<String> handlers(List<String> lists) {
    Set<String> handlers = new LinkedHashSet<>();
    lists.stream()
        .flatMap(list -> Stream.of(list.split(",", -1)))
        .filter(name -> !name.isEmpty() && !name.equals("all"))
        .forEach(name -> handlers.add(handler(name)));
    return handlers;
  }

  /** {@code kiln binfmt install}. */
  @Command(
      name = "install",
      description = "Register the emulators of QEMU's package (qemu-user-static) with the kernel")
  static final class Install implements Callable<Integer> {
    @Mixin private GlobalFlags global = new GlobalFlags();

    @Parameters(
        arity = "0..*",
        paramLabel = "ARCH",
        description = "Architectures such as arm64,riscv64 (default: all that there are)")
    private List<String> architectures = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
      LogOutput.apply(global.debug());
      boolean all = architectures.isEmpty();
      Set<String> wanted = handlers(architectures);
      for (String name : OWN) {
        if (wanted.remove(name)) {
          System.out.println(name + ": not needed, this machine runs such programs itself");
        }
      }
      List<Outcome> outcomes = new BinfmtInstaller().install(name -> all || wanted.contains(name));
      Set<String> found = new LinkedHashSet<>();
      int code = 0;
      for (Outcome outcome : outcomes) {
        boolean good =
            outcome.result() == Result.INSTALLED || outcome.result() == Result.ALREADY_THERE;
        if (good || !all) {
          System.out.println(outcome.name() + ": " + text(outcome));
        }
        code = good || all ? code : 1;
        found.add(outcome.name());
      }
      wanted.removeAll(found);
      for (String missing : wanted) {
        System.err.println(
            "ERROR: no handler file for " + missing + "; install the package qemu-user-static");
        code = 1;
      }
      return code;
    }

    private static String text(Outcome outcome) {
      return switch (outcome.result()) {
        case INSTALLED -> "installed (" + outcome.detail() + ")";
        case ALREADY_THERE -> "already there";
        case INTERPRETER_MISSING -> "not installed: " + outcome.detail();
        case REFUSED -> "refused: " + outcome.detail();
      };
    }
  }

  /** {@code kiln binfmt uninstall}. */
  @Command(name = "uninstall", description = "Make the kernel forget emulators")
  static final class Uninstall implements Callable<Integer> {
    @Mixin private GlobalFlags global = new GlobalFlags();

    @Parameters(arity = "1..*", paramLabel = "ARCH", description = "Architectures such as arm64")
    private List<String> architectures = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
      LogOutput.apply(global.debug());
      for (String handler : handlers(architectures)) {
        new BinfmtInstaller().remove(handler);
      }
      return 0;
    }
  }

  /** {@code kiln binfmt ls}. */
  @Command(name = "ls", description = "List the emulators that the kernel knows")
  static final class Ls implements Callable<Integer> {
    @Mixin private GlobalFlags global = new GlobalFlags();

    @Override
    public Integer call() throws IOException {
      LogOutput.apply(global.debug());
      return list();
    }
  }
}
