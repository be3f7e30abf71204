package dev.kiln.registry.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;

/**
 * Makes TLS contexts from PEM files. Trust is the machine's own certificates, the JDK's, and those
 * that are configured.
 */
final class TlsContexts {
  private static final char[] NO_PASSWORD = new char[0];
  private static final List<Path> SYSTEM_BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private TlsContexts() {}

  static SSLContext create(TlsMaterial material) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager[] trust =
          material.insecure()
              ? new TrustManager[] {new TrustEverything()}
              : trust(material.authorities());
      context.init(keys(material.keyPairs()), trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("could not set up TLS: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trust(List<Path> authorities)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, NO_PASSWORD);
    List<Certificate> trusted = new ArrayList<>(builtIn());
    Optional<Path> bundle = systemBundle();
    if (bundle.isPresent()) {
      trusted.addAll(certificates(bundle.get()));
    }
    for (Path file : authorities) {
      trusted.addAll(certificates(file));
    }
    for (int i = 0; i < trusted.size(); i++) {
      store.setCertificateEntry("ca" + i, trusted.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static List<X509Certificate> builtIn() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return Stream.of(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()))
        .toList();
  }

  private static Optional<Path> systemBundle() {
    String named = System.getenv("SSL_CERT_FILE");
    Stream<Path> candidates =
        named == null
            ? SYSTEM_BUNDLES.stream()
            : Stream.concat(Stream.of(Path.of(named)), SYSTEM_BUNDLES.stream());
    return candidates.filter(Files::isReadable).findFirst();
  }

  private static Collection<? extends Certificate> certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (CertificateException e) {
      throw new IOException("could not read certificates from " + file + ": " + e.getMessage(), e);
    }
  }

  private static KeyManager @Nullable [] keys(List<HostSettings.KeyPairFiles> pairs)
      throws IOException, GeneralSecurityException {
    if (pairs.isEmpty()) {
      return null;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, NO_PASSWORD);
    for (int i = 0; i < pairs.size(); i++) {
      Certificate[] chain = certificates(pairs.get(i).certificate()).toArray(new Certificate[0]);
      store.setKeyEntry("client" + i, privateKey(pairs.get(i).key()), NO_PASSWORD, chain);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try (BufferedReader reader = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(reader)) {
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        if (part instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (part instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
      }
    }
    throw new IOException(
        "could not read a private key from " + file + ": there is none that is not encrypted");
  }

  /** Checks nothing, not even the name; for registries that are configured as insecure. */
  private static final class TrustEverything extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
