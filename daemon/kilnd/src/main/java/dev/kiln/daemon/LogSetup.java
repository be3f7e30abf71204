package dev.kiln.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.kiln.daemon.config.KilndConfig;
import org.slf4j.LoggerFactory;

/** Sets the daemon's log up by code, which starts faster than reading a file. */
final class LogSetup {
  private static final String PATTERN =
      "time=\"%d{yyyy-MM-dd'T'HH:mm:ssXXX}\" level=%level logger=%logger{0} msg=\"%msg\"%n%ex";

  private LogSetup() {}

  static void apply(KilndConfig.Log settings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder(context, settings.format().equals("json")));
    console.start();
    ch.qos.logback.classic.Logger root = context.getLogger("ROOT");
    root.addAppender(console);
    root.setLevel(Level.INFO);
    context.getLogger("dev.kiln").setLevel(Level.toLevel(settings.level(), Level.INFO));
    // Every Unix socket lacks SO_KEEPALIVE, which Netty would warn of at each connection.
    context.getLogger("io.netty").setLevel(Level.ERROR);
    context.getLogger("io.grpc").setLevel(Level.WARN);
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, boolean json) {
    if (json) {
      JsonEncoder encoder = new JsonEncoder();
      encoder.setContext(context);
      encoder.start();
      return encoder;
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }
}
