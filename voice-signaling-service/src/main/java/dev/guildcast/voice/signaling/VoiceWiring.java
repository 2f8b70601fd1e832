package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceProperties;
import dev.guildcast.voice.admission.GuildVoice;
import dev.guildcast.voice.allocation.RegionPolicy;
import dev.guildcast.voice.allocation.VoiceServerAllocator;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.channel.GuardedVoiceAssignmentStore;
import dev.guildcast.voice.channel.VoiceAssignmentStore;
import dev.guildcast.voice.channel.VoiceRoster;
import dev.guildcast.voice.event.VoicePublisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
class VoiceWiring {
    private static final long TICK_MILLIS = 200;
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(VoiceWiring.class);

    @Bean(destroyMethod = "dispose")
    Scheduler voiceLoop() {
        return Schedulers.newSingle("voice-loop", true);
    }

    @Bean
    VoiceSignal voiceSignal(
            Clock clock,
            Scheduler voiceLoop,
            VoiceProperties properties,
            GuildVoice guilds,
            GuardedVoiceAssignmentStore store,
            VoicePublisher publisher,
            MeterRegistry meters) {
        return VoiceSignal.assemble(clock, voiceLoop, properties, guilds, store, publisher, new VoiceMetrics(meters));
    }

    @Bean(destroyMethod = "dispose")
    Disposable voiceTicks(Scheduler voiceLoop, VoiceSignal voice) {
        return voiceLoop.schedulePeriodically(() -> tick(voice), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Bean
    GrpcVoiceEndpoint voiceEndpoint(VoiceSignal voice) {
        return new GrpcVoiceEndpoint(voice.signaling(), voice.servers(), voice.metrics());
    }

    @Bean
    Consumer<byte[]> sessionLifecycle(VoiceSignal voice) {
        return new LifecycleInlet(voice.signaling());
    }

    @Bean
    Consumer<List<byte[]>> guildLog(VoiceSignal voice) {
        return new GuildLogInlet(voice.changes()::onRecord, LOOK_AGAIN_AFTER);
    }

    private static void tick(VoiceSignal voice) {
        try {
            voice.servers().onTick();
        } catch (RuntimeException e) {
            // A bug; the next tick goes on with everybody else.
            LOG.error("a tick of the voice loop failed", e);
        }
    }

    /// The parts that share the voice loop.
    record VoiceSignal(VoiceSignaling signaling, VoiceServers servers, BackendChanges changes, VoiceMetrics metrics) {
        static VoiceSignal assemble(
                Clock clock,
                Scheduler loop,
                VoiceProperties properties,
                GuildVoice guilds,
                VoiceAssignmentStore store,
                VoicePublisher publisher,
                VoiceMetrics metrics) {
            var chains = new GuildChains(loop);
            var roster = new VoiceRoster(store, loop, properties.guildsMax());
            var registry = new VoiceServerRegistry(properties);
            var policy = new RegionPolicy(properties.defaultRegion());
            var allocator = new VoiceServerAllocator(registry, store, roster, policy, loop);
            var tokens = new VoiceTokens(clock, properties.tokenTtl());
            var signaling =
                    new VoiceSignaling(clock, loop, chains, guilds, roster, registry, allocator, publisher, tokens);
            var moves = new GuildMoves(clock, loop, chains, roster, allocator, publisher, signaling, tokens, metrics);
            var changes = new BackendChanges(loop, chains, guilds, roster, signaling);
            var rebuild = new RosterRebuild(clock, loop, chains, guilds, roster);
            var servers = new VoiceServers(clock, loop, properties, roster, registry, store, moves, rebuild, metrics);
            // Read from other threads: sizes may be a moment old.
            metrics.watch("guilds", roster, VoiceRoster::guildCount);
            metrics.watch("guilds.moving", moves, GuildMoves::waitingCount);
            metrics.watch("servers", registry, VoiceServerRegistry::serverCount);
            return new VoiceSignal(signaling, servers, changes, metrics);
        }
    }
}
