package dev.kiln.tree;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows between the rooms, as docs/architecture.md draws them. */
class RoomsTest {
  private static JavaClasses classes;

  /**
   * A room.
   *
   * @param needs the packages of other rooms that it may use
   */
  private record Room(String name, List<String> needs) {
    Room(String name, String... needs) {
      this(name, List.of(needs));
    }

    String all() {
      return "dev.kiln." + name + "..";
    }
  }

  private static final List<Room> ROOMS =
      List.of(
          new Room("solver"),
          new Room("snapshotter"),
          new Room("executor", "dev.kiln.snapshotter.."),
          new Room("dockerfile", "dev.kiln.solver..", "dev.kiln.snapshotter.pattern"),
          new Room("wire", "dev.kiln.solver.pb", "dev.kiln.snapshotter.."),
          new Room("registry", "dev.kiln.snapshotter.."),
          new Room(
              "daemon",
              "dev.kiln.solver..",
              "dev.kiln.snapshotter..",
              "dev.kiln.executor..",
              "dev.kiln.dockerfile..",
              "dev.kiln.wire..",
              "dev.kiln.registry.."),
          new Room(
              "cli",
              "dev.kiln.wire..",
              "dev.kiln.registry..",
              "dev.kiln.snapshotter.content",
              "dev.kiln.snapshotter.fileop",
              "dev.kiln.executor.platform",
              "dev.kiln.solver.pb"));

  /** The one that quiets a library's own logger. */
  private static final String LIBRARY_LOGS = "dev.kiln.wire.socket.EventLoops";

  /** What has no event to wait for: an interval, a limit of time, the kernel letting go. */
  private static final String[] SLEEPERS = {
    "dev.kiln.wire.session.HealthCheck", "dev.kiln.daemon.Kilnd", "dev.kiln.executor.runc.Cgroups"
  };

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.kiln");
    assertThat(classes.size()).as("classes read").isGreaterThan(1000);
  }

  @Test
  void everyClassIsInARoom() {
    String[] rooms =
        Stream.concat(
                ROOMS.stream().map(Room::all), Stream.of("dev.kiln.bench", "dev.kiln.compare"))
            .toArray(String[]::new);
    noClasses()
        .that(resideInAnyPackage("dev.kiln.."))
        .should()
        .resideOutsideOfPackages(rooms)
        .check(classes);
  }

  @TestFactory
  Stream<DynamicTest> aRoomNeedsOnlyWhatIsDrawn() {
    return ROOMS.stream()
        .map(
            room ->
                DynamicTest.dynamicTest(
                    room.name(),
                    () -> {
                      String[] allowed =
                          Stream.concat(Stream.of(room.all()), room.needs().stream())
                              .toArray(String[]::new);
                      noClasses()
                          .that()
                          .resideInAPackage(room.all())
                          .should()
                          .dependOnClassesThat(
                              resideInAnyPackage("dev.kiln..")
                                  .and(resideOutsideOfPackages(allowed)))
                          .check(classes);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> packagesOfARoomFormNoCycle() {
    // The daemon's packages are bound to each other by the build that they all serve.
    return ROOMS.stream()
        .filter(room -> !room.name().equals("daemon"))
        .map(
            room ->
                DynamicTest.dynamicTest(
                    room.name(),
                    () ->
                        slices()
                            .matching("dev.kiln." + room.name() + ".(**)")
                            .should()
                            .beFreeOfCycles()
                            .check(classes)));
  }

  @Test
  void logsGoThroughOneInterface() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(LIBRARY_LOGS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..")
        .check(classes);
  }

  @Test
  void nothingSleepsThatCouldWait() {
    noClasses()
        .that(describe("wait for events", each -> !List.of(SLEEPERS).contains(each.getFullName())))
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", Duration.class)
        .check(classes);
  }
}
