package dev.kiln.registry.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of its own, and certificates that it signed for 127.0.0.1. */
public final class TestCertificates {
  /** PEM files. */
  public record Pair(Path certificate, Path key) {}

  private final Path directory;
  private final KeyPair authorityKeys = keys();
  private final X500Name name;
  private int serial = 1;

  public TestCertificates(Path directory, String name) {
    this.directory = directory;
    this.name = new X500Name("CN=" + name);
  }

  /** The authority's own certificate. */
  public Path authority(String fileName) {
    return write(fileName, certificate(name, authorityKeys, true));
  }

  /** A certificate for 127.0.0.1, good for servers and clients. */
  public Pair issue(String fileName) {
    KeyPair keys = keys();
    Path certificate =
        write(fileName + ".cert", certificate(new X500Name("CN=" + fileName), keys, false));
    return new Pair(certificate, write(fileName + ".key", keys.getPrivate()));
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509CertificateHolder certificate(X500Name subject, KeyPair keys, boolean authority) {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(serial++),
            Date.from(now.minus(1, ChronoUnit.DAYS)),
            Date.from(now.plus(2, ChronoUnit.DAYS)),
            subject,
            keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      GeneralNames names = new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
      builder.addExtension(Extension.subjectAlternativeName, false, names);
      return builder.build(
          new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKeys.getPrivate()));
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path write(String fileName, Object part) {
    StringWriter text = new StringWriter();
    try {
      try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
        pem.writeObject(part instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : part);
      }
      return Files.writeString(directory.resolve(fileName), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
