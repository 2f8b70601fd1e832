package dev.guildcast.shard.identity;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/// An SSL bundle whose certificate and authorities are replaced while connections are open.
///
/// - **Owner:** the thread that watches the bundle's files replaces; handshakes read on any thread.
/// - **Promise:** a handshake that begins after a reload uses what was loaded; open connections keep what they have. A
///   bundle that cannot be used is logged and leaves the former in place.
public final class InternalTls {
    private static final Logger log = LoggerFactory.getLogger(InternalTls.class);

    private record Loaded(X509ExtendedKeyManager keys, X509TrustManager authorities) {
        static Loaded of(String name, boolean mutual, SslBundle bundle) {
            if (mutual && bundle.getStores().getTrustStore() == null) {
                // Java's own authorities would be used: certificates of strangers.
                throw new IllegalArgumentException("the SSL bundle " + name + " has no trust store (expected: the"
                        + " authority that signs this installation's certificates)");
            }
            var managers = bundle.getManagers();
            return new Loaded(
                    ReloadableKeyManager.of(managers.getKeyManagers()),
                    ReloadableTrustManager.of(managers.getTrustManagers()));
        }
    }

    private final X509ExtendedKeyManager keys;
    private final X509ExtendedTrustManager authorities;
    private volatile Loaded loaded;

    private InternalTls(SslBundles bundles, String name, boolean mutual) {
        loaded = Loaded.of(name, mutual, bundles.getBundle(name));
        keys = new ReloadableKeyManager(() -> loaded.keys());
        authorities = new ReloadableTrustManager(() -> loaded.authorities());
        bundles.addBundleUpdateHandler(name, bundle -> reload(name, mutual, bundle));
    }

    /// For both sides of connections whose ends verify each other.
    ///
    /// @param name of the bundle
    /// @throws org.springframework.boot.ssl.NoSuchSslBundleException if there is none
    /// @throws IllegalArgumentException if it has no key or no trust store
    public static InternalTls mutual(SslBundles bundles, String name) {
        return new InternalTls(bundles, name, true);
    }

    /// For servers whose callers show no certificate.
    ///
    /// @param name of the bundle
    /// @throws org.springframework.boot.ssl.NoSuchSslBundleException if there is none
    /// @throws IllegalArgumentException if it has no key
    public static InternalTls ofServer(SslBundles bundles, String name) {
        return new InternalTls(bundles, name, false);
    }

    private void reload(String name, boolean mutual, SslBundle bundle) {
        try {
            var next = Loaded.of(name, mutual, bundle);
            loaded = next;
            log.info("the SSL bundle {} was loaded again: new connections use {}", name, describe(next.keys()));
        } catch (RuntimeException unusable) {
            log.error(
                    "the SSL bundle {} has changed and cannot be used, so that the former certificate stays until it"
                            + " expires: {}",
                    name,
                    unusable.getMessage());
        }
    }

    private static String describe(X509ExtendedKeyManager keys) {
        for (String type : new String[] {"EC", "RSA", "Ed25519"}) {
            var aliases = keys.getServerAliases(type, null);
            if (aliases != null && aliases.length > 0) {
                var chain = keys.getCertificateChain(aliases[0]);
                if (chain != null && chain.length > 0) {
                    X509Certificate certificate = chain[0];
                    return "the certificate of " + certificate.getSubjectX500Principal() + ", which expires at "
                            + certificate.getNotAfter().toInstant();
                }
            }
        }
        return "a certificate of another kind";
    }

    public X509ExtendedKeyManager keys() {
        return keys;
    }

    public X509ExtendedTrustManager authorities() {
        return authorities;
    }
}
