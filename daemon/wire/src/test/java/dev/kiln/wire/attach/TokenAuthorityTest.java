package dev.kiln.wire.attach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TokenAuthorityTest {
  /** RFC 8032, section 7.1, tests 1 and 2. */
  @Test
  void keysAndSignaturesAreThoseOfTheStandard() {
    var first =
        TokenAuthority.ofSeed(
            hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    assertThat(first.publicKey())
        .isEqualTo(hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));

    var second =
        TokenAuthority.ofSeed(
            hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    assertThat(second.publicKey())
        .isEqualTo(hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    assertThat(second.sign(hex("72")))
        .isEqualTo(
            hex(
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
                    + "72"));
  }

  @Test
  void keyDependsOnSaltAndSeed() {
    byte[] salt = "salt".getBytes(UTF_8);
    byte[] seed = "seed".getBytes(UTF_8);
    byte[] key = TokenAuthority.of(salt, seed).publicKey();
    assertThat(TokenAuthority.of(salt, seed).publicKey()).isEqualTo(key);
    assertThat(TokenAuthority.of(salt, new byte[0]).publicKey()).isNotEqualTo(key);
    assertThat(TokenAuthority.of(seed, seed).publicKey()).isNotEqualTo(key);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
