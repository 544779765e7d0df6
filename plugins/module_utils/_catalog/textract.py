"""Waiters for Amazon Textract."""

WAITERS = {
    "document_analysis_completed": {
        "description": "Wait until the analysis of a document is completed.",
        "operation": "GetDocumentAnalysis",
        "delay": 5,
        "max_attempts": 720,
        "path": "JobStatus",
        "success": ["SUCCEEDED", "PARTIAL_SUCCESS"],
        "failure": ["FAILED"],
        "retry": ["IN_PROGRESS"],
    },
    "document_text_detection_completed": {
        "description": "Wait until the detection of text in a document is completed.",
        "operation": "GetDocumentTextDetection",
        "delay": 5,
        "max_attempts": 720,
        "path": "JobStatus",
        "success": ["SUCCEEDED", "PARTIAL_SUCCESS"],
        "failure": ["FAILED"],
        "retry": ["IN_PROGRESS"],
    },
}
