/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.opentelemetry.proto.resource.v1.Resource;
import io.tracebridge.dashboard.store.IngestLedger;

/** Reads an OTLP resource once for all that was sent under it. */
final class OtlpResource {
    private OtlpResource() {}

    static SenderFacts read(Resource resource, Context context) {
        Attributes attributes = context.attributes();
        OtlpAttributes.read(resource.getAttributesList(), attributes);
        SenderFacts sender = SenderFacts.of(attributes);
        String language = attributes.text("telemetry.sdk.language");
        String name = attributes.text("telemetry.sdk.name");
        String version = attributes.text("telemetry.sdk.version");
        String sdk = (name == null ? "otlp" : name) + (language == null ? "" : " " + language);
        context.ledger()
                .seen(new IngestLedger.Sender(
                        sdk, version == null ? "" : version, sender.service(), null, context.nowNanos()));
        return sender;
    }
}
