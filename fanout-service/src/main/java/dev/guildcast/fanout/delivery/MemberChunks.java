package dev.guildcast.fanout.delivery;

import dev.guildcast.audience.v1.MembersRequest;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.contract.Snowflake;
import dev.guildcast.fanout.audience.PermissionRules;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.json.JsonWriter;
import dev.guildcast.fanout.payload.EntityJson;
import dev.guildcast.fanout.payload.GuildCreatePayload;
import dev.guildcast.fanout.presence.PresenceCache;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import dev.guildcast.shard.Outputs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/// Answers a request for members (op 8) with GUILD_MEMBERS_CHUNK dispatches, or not at all.
///
/// Chunks hold exactly 1000 members but for the last, in the order of user ids; presences are added when a chunk is
/// sent.
public final class MemberChunks {
    /// Members of one chunk, as Discord's protocol fixes it.
    static final int CHUNK_MEMBERS = 1000;
    /// Members of one prefix query, as Discord's protocol limits it.
    static final int QUERY_LIMIT_MAX = 100;
    /// User ids in one request, as Discord's protocol limits it.
    static final int USER_IDS_MAX = 100;

    /// A longer nonce is left out, as Discord does.
    private static final int NONCE_BYTES_MAX = 32;
    /// About a chunk without its members.
    private static final int CHUNK_BYTES_ESTIMATE = 1024;
    private static final String TYPE = "GUILD_MEMBERS_CHUNK";

    private final PresenceCache presences;
    private final DeliveryBatcher batcher;

    /// The members a request matched, and the ids without a member; the latter are empty unless ids were requested.
    private record Matches(List<Member> members, List<String> notFound, boolean byId) {}

    public MemberChunks(PresenceCache presences, DeliveryBatcher batcher) {
        this.presences = presences;
        this.batcher = batcher;
    }

    public void respond(GuildView view, Subscription session, MembersRequest request, long nowMillis, Outputs out) {
        Matches matches;
        if (request.getUserIdsCount() > 0) {
            if (request.getUserIdsCount() > USER_IDS_MAX) {
                return;
            }
            matches = byId(view, request.getUserIdsList());
        } else if (!request.hasQuery()) {
            return;
        } else if (request.getQuery().isEmpty() && request.getLimit() == 0) {
            if (!mayListAll(view, session, nowMillis)) {
                return;
            }
            matches = new Matches(new ArrayList<>(view.members().values()), List.of(), false);
        } else {
            matches = byPrefix(view, request);
        }
        boolean showPresences = request.getPresences() && session.hasAnyIntent(Intents.GUILD_PRESENCES);
        boolean nonce =
                request.hasNonce() && request.getNonce().getBytes(StandardCharsets.UTF_8).length <= NONCE_BYTES_MAX;
        int chunks = Math.max(1, (matches.members.size() + CHUNK_MEMBERS - 1) / CHUNK_MEMBERS);
        for (int i = 0; i < chunks; i++) {
            int index = i;
            List<Member> members = matches.members.subList(
                    i * CHUNK_MEMBERS, Math.min(matches.members.size(), (i + 1) * CHUNK_MEMBERS));
            batcher.deliverDeferred(
                    out,
                    view.id(),
                    session,
                    TYPE,
                    () -> chunkPayload(
                            view,
                            new Matches(members, matches.notFound, matches.byId),
                            index,
                            chunks,
                            showPresences,
                            nonce ? request.getNonce() : null),
                    CHUNK_BYTES_ESTIMATE + GuildCreatePayload.MEMBER_BYTES_ESTIMATE * members.size());
        }
    }

    private byte[] chunkPayload(
            GuildView view,
            Matches matches,
            int index,
            int count,
            boolean showPresences,
            @org.jspecify.annotations.Nullable String nonce) {
        var out = new JsonWriter()
                .open('{')
                .name("guild_id")
                .id(view.id())
                .name("members")
                .open('[');
        matches.members.forEach(member -> EntityJson.member(out, member, view));
        out.close(']').name("chunk_index").number(index).name("chunk_count").number(count);
        if (matches.byId) {
            out.name("not_found").open('[');
            matches.notFound.forEach(out::string);
            out.close(']');
        }
        if (showPresences) {
            out.name("presences").open('[');
            GuildCreatePayload.writePresences(
                    out, matches.members.stream().map(Member::userId).toList(), presences);
            out.close(']');
        }
        if (nonce != null) {
            out.name("nonce").string(nonce);
        }
        return out.close('}').toBytes();
    }

    /// Bots by their intent; other users also need a permission to manage members.
    private static boolean mayListAll(GuildView view, Subscription session, long nowMillis) {
        Member member = view.member(session.userId());
        if (member == null || !session.hasAnyIntent(Intents.GUILD_MEMBERS)) {
            return false;
        }
        long held = PermissionRules.of(view, member, null, nowMillis, PermissionRules.StepListener.NONE);
        return member.bot()
                || (held & (Permissions.MANAGE_ROLES | Permissions.KICK_MEMBERS | Permissions.BAN_MEMBERS)) != 0;
    }

    private static Matches byId(GuildView view, List<String> ids) {
        var members = new ArrayList<Member>();
        var notFound = new ArrayList<String>();
        for (String id : new LinkedHashSet<>(ids)) {
            Member member = view.member(Snowflake.parseOrZero(id));
            if (member == null) {
                notFound.add(id);
            } else {
                members.add(member);
            }
        }
        return new Matches(members, notFound, true);
    }

    private static Matches byPrefix(GuildView view, MembersRequest request) {
        String prefix = request.getQuery().toLowerCase(Locale.ROOT);
        int requested = request.getLimit();
        int limit = requested <= 0 ? QUERY_LIMIT_MAX : Math.min(requested, QUERY_LIMIT_MAX);
        return new Matches(view.membersNamed(prefix, limit), List.of(), false);
    }
}
