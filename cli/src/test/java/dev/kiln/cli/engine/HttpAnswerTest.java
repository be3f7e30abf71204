package dev.kiln.cli.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HttpAnswerTest {
  private static HttpAnswer read(String text) throws IOException {
    return HttpAnswer.read(new ByteArrayInputStream(text.getBytes(US_ASCII)));
  }

  @Test
  void chunksAreJoined() throws IOException {
    HttpAnswer answer =
        read(
            String.join(
                "\r\n",
                "HTTP/1.1 100 Continue",
                "",
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "",
                "3",
                "abc",
                "2;x=y",
                "de",
                "0",
                "",
                ""));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().readAllBytes()).asString(US_ASCII).isEqualTo("abcde");
  }

  @Test
  void aPlainBodyGoesToTheEnd() throws IOException {
    HttpAnswer answer = read("HTTP/1.0 404 Not Found\r\nX: y\r\n\r\ngone");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body().readAllBytes()).asString(US_ASCII).isEqualTo("gone");
  }

  @Test
  void aBrokenAnswerIsAnError() {
    assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nTransfer")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read("SSH-2.0\r\n\r\n")).isInstanceOf(IOException.class);
  }
}
