package dev.guildcast.fanout.ingress;

import dev.guildcast.shard.identity.InternalTls;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.Nullable;

/// The certificate of the publishers' ports.
///
/// @param tls null for plaintext
record IngressTls(@Nullable InternalTls tls) {
    /// Null for plaintext.
    @Nullable
    KeyManager keys() {
        return tls == null ? null : tls.keys();
    }
}
