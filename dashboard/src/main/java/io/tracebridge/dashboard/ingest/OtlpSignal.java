/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.StoreRecord;

/** The three signals of OTLP: how each is read and answered. */
enum OtlpSignal {
    TRACES("traces", "span", "rejectedSpans", "trace.v1.TraceService", SpanRecord.class) {
        @Override
        Message.Builder request() {
            return ExportTraceServiceRequest.newBuilder();
        }

        @Override
        void decode(Message request, Context context, Decoded into) {
            OtlpSpans.read((ExportTraceServiceRequest) request, context, into);
        }

        @Override
        Message answer(long rejected, String message) {
            return ExportTraceServiceResponse.newBuilder()
                    .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                            .setRejectedSpans(rejected)
                            .setErrorMessage(message))
                    .build();
        }
    },
    METRICS("metrics", "metric", "rejectedDataPoints", "metrics.v1.MetricsService", MetricPoint.class) {
        @Override
        Message.Builder request() {
            return ExportMetricsServiceRequest.newBuilder();
        }

        @Override
        void decode(Message request, Context context, Decoded into) {
            OtlpMetrics.read((ExportMetricsServiceRequest) request, context, into);
        }

        @Override
        Message answer(long rejected, String message) {
            return ExportMetricsServiceResponse.newBuilder()
                    .setPartialSuccess(ExportMetricsPartialSuccess.newBuilder()
                            .setRejectedDataPoints(rejected)
                            .setErrorMessage(message))
                    .build();
        }
    },
    LOGS("logs", "log", "rejectedLogRecords", "logs.v1.LogsService", LogRecord.class) {
        @Override
        Message.Builder request() {
            return ExportLogsServiceRequest.newBuilder();
        }

        @Override
        void decode(Message request, Context context, Decoded into) {
            OtlpLogs.read((ExportLogsServiceRequest) request, context, into);
        }

        @Override
        Message answer(long rejected, String message) {
            return ExportLogsServiceResponse.newBuilder()
                    .setPartialSuccess(ExportLogsPartialSuccess.newBuilder()
                            .setRejectedLogRecords(rejected)
                            .setErrorMessage(message))
                    .build();
        }
    };

    private final String path;
    private final String itemType;
    private final String rejectedField;
    private final String grpcService;
    private final Class<? extends StoreRecord> kind;

    OtlpSignal(
            String path, String itemType, String rejectedField, String grpcService, Class<? extends StoreRecord> kind) {
        this.path = path;
        this.itemType = itemType;
        this.rejectedField = rejectedField;
        this.grpcService = grpcService;
        this.kind = kind;
    }

    abstract Message.Builder request();

    abstract void decode(Message request, Context context, Decoded into);

    /** The response that names refusals. */
    abstract Message answer(long rejected, String message);

    /** Reads the Protobuf encoding; depth is bounded by the library. */
    Message parse(byte[] bytes) throws RejectedException {
        try {
            return request()
                    .mergeFrom(bytes, ExtensionRegistryLite.getEmptyRegistry())
                    .build();
        } catch (InvalidProtocolBufferException broken) {
            throw new RejectedException(RejectReason.MALFORMED, "body is not a valid OTLP request of " + path);
        }
    }

    String httpPath() {
        return "/v1/" + path;
    }

    String grpcPath() {
        return "/opentelemetry.proto.collector." + grpcService + "/Export";
    }

    /** The word the ledger uses. */
    String itemType() {
        return itemType;
    }

    String rejectedField() {
        return rejectedField;
    }

    Class<? extends StoreRecord> kind() {
        return kind;
    }
}
