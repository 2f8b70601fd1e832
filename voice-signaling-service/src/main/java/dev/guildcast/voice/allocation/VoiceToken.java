package dev.guildcast.voice.allocation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A token that lets one session open a voice socket on one server, for one channel and a short time.
///
/// It is base64url of an expiry, a nonce and an HMAC-SHA-256 over both and over all that it is bound to. It contains no
/// identity, and a server that knows the key verifies it without a call.
public final class VoiceToken {
    private static final String ALGORITHM = "HmacSHA256";
    /// An expiry and a nonce of eight bytes each.
    private static final int HEADER_BYTES = 16;

    /// The output of HMAC-SHA-256, and the length of a key.
    private static final int MAC_BYTES = 32;

    private VoiceToken() {}

    /// What a token is bound to.
    ///
    /// @param verifier [dev.guildcast.voice.VoiceServer#verifier]
    public record Binding(long user, String sessionId, long guild, long channel, String verifier) {
        /// Without the session.
        @Override
        public String toString() {
            return "binding to " + verifier;
        }
    }

    /// @param key base64url of the server's key
    /// @param nonce makes each token unique
    /// @throws IllegalArgumentException if the key is not base64url
    public static String mint(String key, Binding binding, Instant expiry, long nonce) {
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .putLong(expiry.toEpochMilli())
                .putLong(nonce)
                .array();
        byte[] token = ByteBuffer.allocate(HEADER_BYTES + MAC_BYTES)
                .put(header)
                .put(mac(key, header, binding))
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /// Whether the token was issued with this key for exactly this binding, and has not expired.
    public static boolean verify(String key, String token, Binding binding, Instant now) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
        if (bytes.length != HEADER_BYTES + MAC_BYTES) {
            return false;
        }
        var buffer = ByteBuffer.wrap(bytes);
        var header = new byte[HEADER_BYTES];
        var mac = new byte[MAC_BYTES];
        buffer.get(header).get(mac);
        return MessageDigest.isEqual(mac, mac(key, header, binding))
                && now.toEpochMilli() < ByteBuffer.wrap(header).getLong();
    }

    /// Whether this is a valid key: base64url of 32 bytes.
    public static boolean isValidKey(String key) {
        try {
            return Base64.getUrlDecoder().decode(key).length == MAC_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static byte[] mac(String key, byte[] header, Binding binding) {
        byte[] session = binding.sessionId.getBytes(StandardCharsets.UTF_8);
        byte[] verifier = binding.verifier.getBytes(StandardCharsets.UTF_8);
        // Each text is preceded by its length, so that no two bindings give the same bytes.
        var macInput = ByteBuffer.allocate(
                        HEADER_BYTES + 3 * Long.BYTES + 2 * Integer.BYTES + session.length + verifier.length)
                .put(header)
                .putLong(binding.user)
                .putLong(binding.guild)
                .putLong(binding.channel)
                .putInt(session.length)
                .put(session)
                .putInt(verifier.length)
                .put(verifier);
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(Base64.getUrlDecoder().decode(key), ALGORITHM));
            return mac.doFinal(macInput.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks the mandatory algorithm " + ALGORITHM, e);
        }
    }
}
