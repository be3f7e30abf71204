package dev.kiln.daemon.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InputQueueTest {
  @Test
  void readsAllThatWasWrittenBeforeTheEnd() throws Exception {
    try (InputQueue queue = new InputQueue()) {
      queue.add(ByteString.copyFromUtf8("one "));
      queue.writer().write("two".getBytes(StandardCharsets.UTF_8));
      queue.end();
      assertThat(new String(queue.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("one two");
    }
  }

  @Test
  void splitsChunksOverSmallReads() throws Exception {
    try (InputQueue queue = new InputQueue()) {
      queue.add(ByteString.copyFromUtf8("abc"));
      byte[] two = new byte[2];
      assertThat(queue.read(two)).isEqualTo(2);
      assertThat(two).containsExactly('a', 'b');
      assertThat(queue.available()).isEqualTo(1);
      assertThat(queue.read()).isEqualTo('c');
    }
  }

  @Test
  void aReaderThatIsGoneHoldsNoWriterBack() throws Exception {
    InputQueue queue = new InputQueue();
    queue.close();
    ByteString large = ByteString.copyFrom(new byte[2 << 20]);
    queue.add(large);
    queue.add(large);
    assertThat(queue.read()).isEqualTo(-1);
  }

  @Test
  void aSlowReaderHoldsTheWriterBackUntilItReads() throws Exception {
    try (InputQueue queue = new InputQueue()) {
      queue.add(ByteString.copyFrom(new byte[1 << 20]));
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      queue.add(ByteString.copyFromUtf8("late"));
                      queue.end();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      assertThat(queue.readNBytes(1 << 20)).hasSize(1 << 20);
      assertThat(new String(queue.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("late");
      writer.join();
    }
  }
}
