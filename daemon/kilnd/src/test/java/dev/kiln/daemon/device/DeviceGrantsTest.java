package dev.kiln.daemon.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.executor.cdi.CdiDevices;
import dev.kiln.executor.cdi.CdiException;
import dev.kiln.solver.llb.InvalidLlbException;
import dev.kiln.solver.pb.CDIDevice;
import dev.kiln.solver.pb.ExecOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceGrantsTest {
  @TempDir Path folder;
  private Devices devices = new Devices(CdiDevices.NONE, Set.of());

  @BeforeEach
  void describe() throws IOException {
    Files.writeString(
        folder.resolve("gpu.yaml"),
        """
        cdiVersion: 0.6.0
        kind: acme.com/gpu
        devices:
        - {name: b, containerEdits: {env: [B=1]}, annotations: {org.mobyproject.buildkit.device.class: fast}}
        - {name: a, containerEdits: {env: [A=1]}}
        """);
    Files.writeString(
        folder.resolve("cam.yaml"),
        """
        cdiVersion: 0.6.0
        kind: acme.com/cam
        annotations: {org.mobyproject.buildkit.device.autoallow: true}
        devices:
        - {name: front, containerEdits: {env: [CAM=1]}, annotations: {org.mobyproject.buildkit.device.class: fast}}
        """);
    devices = devices();
  }

  private Devices devices(String... autoAllowed) {
    return new Devices(new CdiDevices(List.of(folder)), Set.of(autoAllowed));
  }

  @Test
  void namesStandForOneTheFirstAllOrAClass() throws CdiException {
    assertThat(resolve("acme.com/gpu=b")).containsExactly("acme.com/gpu=b");
    assertThat(resolve("acme.com/gpu")).containsExactly("acme.com/gpu=a");
    assertThat(resolve("acme.com/gpu=*")).containsExactly("acme.com/gpu=a", "acme.com/gpu=b");
    assertThat(resolve("fast")).containsExactly("acme.com/cam=front", "acme.com/gpu=b");
    assertThat(resolve("acme.com/gpu", "acme.com/gpu=a")).containsExactly("acme.com/gpu=a");
  }

  @Test
  void onlyOptionalDevicesMayBeMissing() throws CdiException {
    CDIDevice missing = CDIDevice.newBuilder().setName("acme.com/arm=0").setOptional(true).build();
    assertThat(devices.resolve(List.of(missing))).isEmpty();
    assertThatThrownBy(() -> resolve("acme.com/arm=0"))
        .hasMessage("required device \"acme.com/arm=0\" is not registered");
  }

  private List<String> resolve(String... names) throws CdiException {
    return devices.resolve(Stream.of(names).map(DeviceGrantsTest::device).toList());
  }

  private static CDIDevice device(String name) {
    return CDIDevice.newBuilder().setName(name).build();
  }

  @Test
  void withoutGrantOnlyAutoAllowedDevicesAreGiven() throws InvalidLlbException {
    assertThat(check(DeviceGrants.NONE, "acme.com/cam")).containsExactly("acme.com/cam=front");
    assertThatThrownBy(() -> check(DeviceGrants.NONE, "acme.com/gpu=a"))
        .hasMessage(
            "device acme.com/gpu=a is requested by the build but not allowed; grant it with the"
                + " client's --allow device=acme.com/gpu=a");
    assertThatThrownBy(() -> check(DeviceGrants.NONE, "acme.com/gpu=*"))
        .hasMessageStartingWith(
            "devices acme.com/gpu=a, acme.com/gpu=b are requested by the build but not allowed");
  }

  @Test
  void configurationMayAllowDevicesAndKinds() throws InvalidLlbException {
    devices = devices("acme.com/gpu=b");
    assertThat(check(DeviceGrants.NONE, "acme.com/gpu=b")).containsExactly("acme.com/gpu=b");
    devices = devices("acme.com/gpu");
    assertThat(check(DeviceGrants.NONE, "acme.com/gpu=*")).hasSize(2);
  }

  @Test
  void grantIsByNameAsInSteps() throws InvalidLlbException {
    DeviceGrants first = DeviceGrants.parse("acme.com/gpu");
    assertThat(check(first, "acme.com/gpu=a")).containsExactly("acme.com/gpu=a");
    assertThatThrownBy(() -> check(first, "acme.com/gpu=b"))
        .isInstanceOf(InvalidLlbException.class);
    DeviceGrants both = first.plus(DeviceGrants.parse("acme.com/gpu=b"));
    assertThat(check(both, "acme.com/gpu=*")).hasSize(2);
  }

  @Test
  void aliasStandsForAnotherDevice() throws InvalidLlbException {
    DeviceGrants grants = DeviceGrants.parse("acme.com/gpu=b,alias=other.org/gpu");
    assertThat(check(grants, "other.org/gpu", "acme.com/cam"))
        .containsExactly("acme.com/gpu=b", "acme.com/cam=front");
  }

  @Test
  void grantOfAllLeavesNamesAsTheyAre() throws InvalidLlbException {
    assertThat(check(DeviceGrants.parse(""), "acme.com/gpu=*", "nothing"))
        .containsExactly("acme.com/gpu=*", "nothing");
  }

  @Test
  void grantsOfOtherFormsAreRefused() {
    assertThatThrownBy(() -> DeviceGrants.parse("a,b")).hasMessage("invalid device config \"b\"");
    assertThatThrownBy(() -> DeviceGrants.parse("a,b=c"))
        .hasMessage("unknown device config key \"b\"");
  }

  @Test
  void workerListsDevicesWithTheirAnnotations() {
    assertThat(devices.records())
        .extracting(each -> each.getName() + " " + each.getAutoAllow())
        .containsExactly("acme.com/cam=front true", "acme.com/gpu=a false", "acme.com/gpu=b false");
    assertThat(devices.records().getFirst().getAnnotationsMap())
        .containsEntry("org.mobyproject.buildkit.device.class", "fast");
  }

  private List<String> check(DeviceGrants grants, String... names) throws InvalidLlbException {
    ExecOp.Builder op = ExecOp.newBuilder();
    Stream.of(names).forEach(name -> op.addCdiDevices(device(name)));
    return grants.check(op.build(), devices).getCdiDevicesList().stream()
        .map(CDIDevice::getName)
        .toList();
  }
}
