package dev.guildcast.shard.identity;

import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;

/// The form in which Spring's gRPC server takes [InternalTls]. Its own support of bundles reads one once, at the start.
final class ReloadableSslBundle implements SslManagerBundle {
    private final Supplier<InternalTls> tls;

    private ReloadableSslBundle(Supplier<InternalTls> tls) {
        this.tls = tls;
    }

    /// @param tls called when the server is created: later than the bundle is registered
    static SslBundle of(Supplier<InternalTls> tls) {
        return SslBundle.of(null, null, null, null, new ReloadableSslBundle(tls));
    }

    @Override
    public KeyManagerFactory getKeyManagerFactory() {
        return new Keys(tls.get().keys());
    }

    @Override
    public TrustManagerFactory getTrustManagerFactory() {
        return new Authorities(tls.get().authorities());
    }

    /// Factories name the provider of their implementation, which is ours.
    private static Provider provider() {
        return Security.getProviders()[0];
    }

    private static final class Keys extends KeyManagerFactory {
        Keys(KeyManager manager) {
            super(
                    new KeyManagerFactorySpi() {
                        @Override
                        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {}

                        @Override
                        protected void engineInit(ManagerFactoryParameters parameters) {}

                        @Override
                        protected KeyManager[] engineGetKeyManagers() {
                            return new KeyManager[] {manager};
                        }
                    },
                    provider(),
                    "reloadable");
        }
    }

    private static final class Authorities extends TrustManagerFactory {
        Authorities(TrustManager manager) {
            super(
                    new TrustManagerFactorySpi() {
                        @Override
                        protected void engineInit(@Nullable KeyStore store) {}

                        @Override
                        protected void engineInit(ManagerFactoryParameters parameters) {}

                        @Override
                        protected TrustManager[] engineGetTrustManagers() {
                            return new TrustManager[] {manager};
                        }
                    },
                    provider(),
                    "reloadable");
        }
    }
}
