package dev.guildcast.voice.socket;

import dev.guildcast.voice.call.VoiceGateway;
import dev.guildcast.voice.call.VoiceGatewayProperties;
import dev.guildcast.voice.media.VoiceGatewayAddress;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;

@Configuration(proxyBeanMethods = false)
class VoiceSocketConfiguration {
    private static final int TOKEN_KEY_BYTES = 32;

    @Bean
    VoiceGatewayServer voiceGatewayServer(
            VoiceGateway gateway, Scheduler voiceLoop, VoiceGatewayProperties properties, SslBundles bundles)
            throws SSLException {
        var handler = new VoiceWebSocketHandler(
                gateway, voiceLoop, properties.outboundMax().toBytes(), properties.socketsMax());
        return new VoiceGatewayServer(handler, properties, tls(properties, bundles));
    }

    @Bean
    VoiceGatewayAddress voiceGatewayAddress(VoiceGatewayServer server, VoiceGatewayProperties properties) {
        return new VoiceGatewayAddress(
                () -> properties.endpoint().isEmpty() ? "127.0.0.1:" + server.port() : properties.endpoint(),
                properties.tokenKey().isEmpty() ? randomKey() : properties.tokenKey());
    }

    private static String randomKey() {
        var key = new byte[TOKEN_KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    private static Optional<SslContext> tls(VoiceGatewayProperties properties, SslBundles bundles) throws SSLException {
        if (properties.sslBundle().isEmpty()) {
            return Optional.empty();
        }
        var managers = bundles.getBundle(properties.sslBundle()).getManagers();
        return Optional.of(
                SslContextBuilder.forServer(managers.getKeyManagerFactory()).build());
    }
}
