package dev.guildcast.voice.allocation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Lets one session open a voice socket on one server, once a channel and for a short time.
///
/// The token is base64url of an expiry, a nonce and an HMAC-SHA-256 over both and over all that it is bound to: it
/// names nobody, and a server that knows the key checks it without asking anyone.
public final class VoiceToken {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int HEAD_BYTES = 16;
    private static final int MAC_BYTES = 32;

    private VoiceToken() {}

    /// What a token is good for.
    public record Binding(long user, String sessionId, long guild, long channel, String serverId) {
        /// Without the session.
        @Override
        public String toString() {
            return "binding to " + serverId;
        }
    }

    /// @param key base64url of the server's key
    /// @param nonce makes each token another one
    /// @throws IllegalArgumentException if the key is none
    public static String mint(String key, Binding binding, Instant expiry, long nonce) {
        byte[] head = ByteBuffer.allocate(HEAD_BYTES)
                .putLong(expiry.toEpochMilli())
                .putLong(nonce)
                .array();
        byte[] token = ByteBuffer.allocate(HEAD_BYTES + MAC_BYTES)
                .put(head)
                .put(mac(key, head, binding))
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /// Whether the token was minted with this key for exactly this, and has not expired.
    public static boolean opens(String key, String token, Binding binding, Instant now) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
        if (bytes.length != HEAD_BYTES + MAC_BYTES) {
            return false;
        }
        var buffer = ByteBuffer.wrap(bytes);
        var head = new byte[HEAD_BYTES];
        var mac = new byte[MAC_BYTES];
        buffer.get(head).get(mac);
        return MessageDigest.isEqual(mac, mac(key, head, binding))
                && now.toEpochMilli() < ByteBuffer.wrap(head).getLong();
    }

    /// Whether this is a key that tokens can be minted with: base64url of 32 bytes.
    public static boolean isKey(String key) {
        try {
            return Base64.getUrlDecoder().decode(key).length == MAC_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static byte[] mac(String key, byte[] head, Binding binding) {
        byte[] session = binding.sessionId.getBytes(StandardCharsets.UTF_8);
        byte[] server = binding.serverId.getBytes(StandardCharsets.UTF_8);
        // Lengths before texts, so that no two bindings give the same bytes.
        var bound = ByteBuffer.allocate(
                        HEAD_BYTES + 3 * Long.BYTES + 2 * Integer.BYTES + session.length + server.length)
                .put(head)
                .putLong(binding.user)
                .putLong(binding.guild)
                .putLong(binding.channel)
                .putInt(session.length)
                .put(session)
                .putInt(server.length)
                .put(server);
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(Base64.getUrlDecoder().decode(key), ALGORITHM));
            return mac.doFinal(bound.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }
}
