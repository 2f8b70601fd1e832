package dev.guildcast.backend.rest;

import dev.guildcast.backend.chat.ChannelPermissions;
import dev.guildcast.backend.chat.ChatStore;
import dev.guildcast.backend.chat.ChatStore.GuildChannel;
import dev.guildcast.backend.chat.WorldFile.Guild;
import dev.guildcast.backend.token.Caller;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Serves lookups of guilds, channels, members and users.
///
/// Stateless.
final class LookupHandler {
    /// Fields that `GUILD_CREATE` adds to a guild object.
    private static final List<String> GUILD_CREATE_ONLY_FIELDS = List.of(
            "joined_at",
            "large",
            "unavailable",
            "member_count",
            "voice_states",
            "members",
            "channels",
            "threads",
            "presences",
            "stage_instances",
            "guild_scheduled_events",
            "soundboard_sounds");

    private final RequestSupport requests;
    private final ChatStore chat;

    LookupHandler(RequestSupport requests, ChatStore chat) {
        this.requests = requests;
        this.chat = chat;
    }

    Mono<ServerResponse> channel(ServerRequest request) {
        var guildChannel = requests.guildChannel(request, requests.caller(request));
        return RequestSupport.ok(withGuild(guildChannel));
    }

    Mono<ServerResponse> guild(ServerRequest request) {
        var guild = guild(request, requests.caller(request)).document().deepCopy();
        guild.remove(GUILD_CREATE_ONLY_FIELDS);
        return RequestSupport.ok(guild);
    }

    Mono<ServerResponse> channels(ServerRequest request) {
        var caller = requests.caller(request);
        var visible = JsonNodeFactory.instance.arrayNode();
        for (var channel : guild(request, caller).document().path("channels")) {
            chat.channel(channel.path("id").asString(""))
                    .filter(guildChannel -> (guildChannel.permissions(caller.id()) & ChannelPermissions.VIEW) != 0)
                    .ifPresent(guildChannel -> visible.add(withGuild(guildChannel)));
        }
        return RequestSupport.ok(visible);
    }

    Mono<ServerResponse> roles(ServerRequest request) {
        return RequestSupport.ok(
                guild(request, requests.caller(request)).document().path("roles"));
    }

    Mono<ServerResponse> member(ServerRequest request) {
        var caller = requests.caller(request);
        var user = request.pathVariable("user");
        var id = user.equals("@me") ? caller.id() : user;
        return RequestSupport.ok(guild(request, caller).member(id).orElseThrow(ApiError.UNKNOWN_MEMBER::toException));
    }

    Mono<ServerResponse> user(ServerRequest request) {
        requests.caller(request);
        return RequestSupport.ok(
                chat.user(request.pathVariable("user")).orElseThrow(ApiError.UNKNOWN_USER::toException));
    }

    private Guild guild(ServerRequest request, Caller caller) {
        var guild = chat.guild(request.pathVariable("guild")).orElseThrow(ApiError.UNKNOWN_GUILD::toException);
        if (!guild.hasMember(caller.id())) {
            throw ApiError.MISSING_ACCESS.toException();
        }
        return guild;
    }

    private static ObjectNode withGuild(GuildChannel guildChannel) {
        return ((ObjectNode) guildChannel.channel()).deepCopy().put("guild_id", guildChannel.guildId());
    }
}
