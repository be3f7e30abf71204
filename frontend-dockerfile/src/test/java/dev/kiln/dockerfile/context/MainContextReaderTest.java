package dev.kiln.dockerfile.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.dockerfile.FakeBridge;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.Marshaller;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.Sources;
import dev.kiln.solver.pb.Definition;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MainContextReaderTest {

  @Test
  void inputTakesThePlaceOfTheLocalContext() {
    Definition input =
        Marshaller.marshal(
            Sources.http("https://host.test/file", "file", "", Constraints.NONE),
            Platform.of("linux", "amd64", ""));
    FakeBridge bridge = new FakeBridge(Map.of()).input("context", input);
    MainContext context = MainContextReader.read(bridge);
    assertThat(context.state()).isNotNull();
    assertThat(context.dockerfile()).isNull();
  }

  @Test
  void emptyMessageIsNoInput() {
    for (String name : new String[] {"context", "dockerfile"}) {
      FakeBridge bridge = new FakeBridge(Map.of()).input(name, Definition.getDefaultInstance());
      assertThatThrownBy(() -> MainContextReader.read(bridge))
          .isInstanceOf(FrontendException.class)
          .hasMessage("invalid nil input definition to definition op");
    }
  }
}
