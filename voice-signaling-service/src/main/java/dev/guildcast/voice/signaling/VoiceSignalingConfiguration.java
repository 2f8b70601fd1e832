package dev.guildcast.voice.signaling;

import dev.guildcast.shard.stream.ClosedSessionConsumer;
import dev.guildcast.voice.VoiceProperties;
import dev.guildcast.voice.allocation.RegionPolicy;
import dev.guildcast.voice.allocation.VoiceServerAllocator;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.assignment.GuardedVoiceAssignmentStore;
import dev.guildcast.voice.assignment.VoiceAssignmentStore;
import dev.guildcast.voice.assignment.VoiceRoster;
import dev.guildcast.voice.call.VoiceGateway;
import dev.guildcast.voice.call.VoiceGatewayMetrics;
import dev.guildcast.voice.call.VoiceGatewayProperties;
import dev.guildcast.voice.event.VoicePublisher;
import dev.guildcast.voice.loop.VoiceLoop;
import dev.guildcast.voice.media.GrpcMediaEndpoint;
import dev.guildcast.voice.media.MediaServers;
import dev.guildcast.voice.media.VoiceGatewayAddress;
import dev.guildcast.voice.permission.GuildVoiceQuery;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
class VoiceSignalingConfiguration {
    /// Granularity of liveness checks and retries; short against the grace of a broken stream and the pings.
    private static final long TICK_MILLIS = 50;

    /// Before the first retry of a backend change; it doubles four times, which outlasts a change of the shard's owner.
    private static final Duration RETRY_BACKOFF = Duration.ofSeconds(1);

    /// For one closed session; above the producer's delivery timeout of 10 s, so that a slow append ends by itself.
    private static final Duration SESSION_CLOSED_TIMEOUT = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(VoiceSignalingConfiguration.class);

    @Bean(destroyMethod = "dispose")
    Scheduler voiceLoop() {
        return Schedulers.newSingle("voice-loop", true);
    }

    @Bean
    VoiceComponents voiceComponents(
            Scheduler voiceLoop,
            VoiceProperties properties,
            GuildVoiceQuery guildQuery,
            GuardedVoiceAssignmentStore store,
            VoiceGatewayProperties gatewayProperties,
            VoicePublisher publisher,
            MeterRegistry meters) {
        return VoiceComponents.assemble(
                new VoiceLoop(Clock.systemUTC(), System::nanoTime, voiceLoop),
                new Settings(properties, gatewayProperties),
                guildQuery,
                store,
                publisher,
                meters);
    }

    @Bean(destroyMethod = "dispose")
    Disposable voiceTicks(Scheduler voiceLoop, VoiceComponents voice) {
        return voiceLoop.schedulePeriodically(() -> tick(voice), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Bean
    GrpcVoiceEndpoint voiceEndpoint(VoiceComponents voice) {
        return new GrpcVoiceEndpoint(voice.signaling(), voice.serverMonitor(), voice.metrics());
    }

    @Bean
    GrpcMediaEndpoint mediaEndpoint(VoiceComponents voice, Scheduler voiceLoop, VoiceGatewayAddress gateway) {
        return new GrpcMediaEndpoint(voice.mediaServers(), voiceLoop, gateway, voice.metrics()::commandDropped);
    }

    @Bean
    VoiceGateway voiceGateway(VoiceComponents voice) {
        return voice.gateway();
    }

    /// A closed session leaves voice. The binder's thread waits until the guild's log has acknowledged that.
    @Bean
    Consumer<byte[]> sessionLifecycle(VoiceComponents voice) {
        return new ClosedSessionConsumer(closed -> voice.signaling()
                .onSessionClosed(closed.getUserId(), closed.getSessionId())
                .block(SESSION_CLOSED_TIMEOUT));
    }

    @Bean
    Consumer<List<byte[]>> guildLog(VoiceComponents voice) {
        return new GuildLogConsumer(voice.backendChanges()::onRecord, RETRY_BACKOFF);
    }

    private static void tick(VoiceComponents voice) {
        try {
            voice.mediaServers().onTick();
            voice.serverMonitor().onTick();
            voice.gateway().onTick();
        } catch (RuntimeException e) {
            // A bug; the next tick continues with the other servers.
            log.error("a tick of the voice loop failed, continuing with the next: please report this bug", e);
        }
    }

    record Settings(VoiceProperties voice, VoiceGatewayProperties gateway) {}

    /// The components that share the voice loop.
    record VoiceComponents(
            VoiceSignaling signaling,
            VoiceGateway gateway,
            MediaServers mediaServers,
            VoiceServerMonitor serverMonitor,
            BackendChangeHandler backendChanges,
            VoiceMetrics metrics) {
        static VoiceComponents assemble(
                VoiceLoop voiceLoop,
                Settings settings,
                GuildVoiceQuery guildQuery,
                VoiceAssignmentStore store,
                VoicePublisher publisher,
                MeterRegistry meters) {
            var properties = settings.voice;
            var metrics = new VoiceMetrics(meters);
            var roster = new VoiceRoster(store, voiceLoop.scheduler(), properties.guildsMax());
            var registry = new VoiceServerRegistry(properties, RandomGenerator.getDefault());
            var policy = new RegionPolicy(properties.defaultRegion());
            var allocator = new VoiceServerAllocator(registry, store, roster, policy, voiceLoop.scheduler());
            var tokenIssuer = new VoiceTokenIssuer(voiceLoop.wallClock(), properties.tokenTtl());
            var mediaServers = new MediaServers(voiceLoop.nanoTime(), registry);
            var gateway = new VoiceGateway(
                    voiceLoop, roster, registry, mediaServers, settings.gateway, new VoiceGatewayMetrics(meters));
            var updates = new VoiceUpdateSender(registry, publisher, tokenIssuer, gateway);
            var sockets = new VoiceSockets(registry, gateway);
            var signaling = new VoiceSignaling(voiceLoop, guildQuery, roster, sockets, allocator, updates);
            var relocator = new GuildRelocator(voiceLoop, roster, allocator, updates, metrics);
            var backendChanges = new BackendChangeHandler(voiceLoop, guildQuery, roster, signaling);
            var rosterRebuilder = new RosterRebuilder(voiceLoop, guildQuery, roster);
            var records = new VoiceServerStoreUpdater(store, metrics);
            var remoteServers = new RemoteServerMonitor(voiceLoop, roster, registry, records, relocator);
            var heldRooms = new HeldRoomReconciler(voiceLoop, roster, mediaServers, gateway);
            var serverMonitor = new VoiceServerMonitor(
                    voiceLoop,
                    registry,
                    records,
                    relocator,
                    new VoiceServerMonitor.Reconcilers(rosterRebuilder, heldRooms),
                    remoteServers);
            mediaServers.setListener(serverMonitor);
            // Read from other threads: the values may lag behind the loop.
            metrics.registerGauge("guilds", roster, VoiceRoster::guildCount);
            metrics.registerGauge("guilds.moving", relocator, GuildRelocator::pendingCount);
            metrics.registerGauge("servers", registry, VoiceServerRegistry::serverCount);
            return new VoiceComponents(signaling, gateway, mediaServers, serverMonitor, backendChanges, metrics);
        }
    }
}
