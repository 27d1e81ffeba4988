"""learnloop"""
